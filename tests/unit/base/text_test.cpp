// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <gtest/gtest.h>

#include <testarena/utf8.h>

namespace testarena {
namespace {

TEST(Text, takesOneCharacterOfEachLength) {
  std::string_view rest = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
  EXPECT_EQ(takeCharacter(rest), U'a');
  EXPECT_EQ(takeCharacter(rest), U'\u00E9');
  EXPECT_EQ(takeCharacter(rest), U'\u20AC');
  EXPECT_EQ(takeCharacter(rest), U'\U0001F600');
  EXPECT_TRUE(rest.empty());
}

TEST(Text, aCharacterThatIsNotUtf8CostsOneByte) {
  for (const std::string_view bad :
       {"\xC0\xAFx", "\xE0\x80\x80x", "\xED\xA0\x80x", "\xF4\x90\x80\x80x", "\xE2\x82", "\x80", "\xFF"}) {
    std::string_view rest = bad;
    EXPECT_FALSE(takeCharacter(rest)) << bad;
    EXPECT_EQ(rest.size(), bad.size() - 1);
  }
}

TEST(Text, writesWhatItReads) {
  for (const char32_t character : {U'a', U'\u00E9', U'\u07FF', U'\u0800', U'\uFFFD', U'\U00010000', U'\U0010FFFF'}) {
    std::string text;
    appendUtf8(text, character);
    EXPECT_TRUE(isUtf8(text));
    std::string_view rest = text;
    EXPECT_EQ(takeCharacter(rest), character);
  }
}

TEST(Text, countsEditsAndASwapAsOne) {
  EXPECT_EQ(editDistance("", ""), 0U);
  EXPECT_EQ(editDistance("slots", "slots"), 0U);
  EXPECT_EQ(editDistance("solts", "slots"), 1U);
  EXPECT_EQ(editDistance("slot", "slots"), 1U);
  EXPECT_EQ(editDistance("kitten", "sitting"), 3U);
  EXPECT_EQ(editDistance("", "abc"), 3U);
}

TEST(Text, guessesOnlyWhatIsNear) {
  const std::vector<std::string> known = {"slots", "token", "url"};
  EXPECT_EQ(nearest("solts", known), "slots");
  EXPECT_EQ(nearest("tokne", known), "token");
  EXPECT_EQ(nearest("ulr", known), "url");
  EXPECT_FALSE(nearest("password", known));
  EXPECT_FALSE(nearest(std::string(100'000, 'x'), known));
  EXPECT_EQ(didYouMean("solts", known), " — did you mean 'slots'?");
  EXPECT_EQ(didYouMean("password", known), "");
}

TEST(Text, readsDurations) {
  EXPECT_EQ(parseDuration("250ms"), 250);
  EXPECT_EQ(parseDuration("20s"), 20'000);
  EXPECT_EQ(parseDuration("5m"), 300'000);
  EXPECT_EQ(parseDuration("1h"), 3'600'000);
  EXPECT_EQ(parseDuration("7d"), 604'800'000);
  EXPECT_EQ(parseDuration("0s"), 0);
  for (const char* bad : {"", "s", "20", "-5s", "+5s", "1.5s", " 5s", "5s ", "5 s", "5S", "99999999999999999999s",
                          "9223372036854775807s"}) {
    EXPECT_FALSE(parseDuration(bad)) << bad;
  }
}

TEST(Text, readsSizes) {
  EXPECT_EQ(parseSize("512B"), 512);
  EXPECT_EQ(parseSize("64KiB"), 65'536);
  EXPECT_EQ(parseSize("64MiB"), 67'108'864);
  EXPECT_EQ(parseSize("1TiB"), 1'099'511'627'776);
  for (const char* bad : {"", "64", "64MB", "64mib", "-1B", "0x10B", "9007199254740993TiB"})
    EXPECT_FALSE(parseSize(bad)) << bad;
}

TEST(Text, writesTheShortestFormThatIsRead) {
  for (const std::int64_t number : {0, 1, 999, 1000, 60'000, 90'000, 3'600'000, 86'400'000}) {
    EXPECT_EQ(parseDuration(formatDuration(number)), number);
  }
  EXPECT_EQ(formatDuration(90'000), "90s");
  EXPECT_EQ(formatDuration(60'000), "1m");
  EXPECT_EQ(formatSize(67'108'864), "64MiB");
  EXPECT_EQ(formatSize(0), "0B");
}

std::string asUtc(std::string_view text) {
  const auto time = parseTime(text);
  return time ? formatTime(*time) : "none";
}

TEST(Text, readsTimesOfRfc3339) {
  EXPECT_EQ(asUtc("2026-03-01T12:00:00Z"), "2026-03-01T12:00:00.000000Z");
  EXPECT_EQ(asUtc("2026-03-01T12:00:00.25+01:00"), "2026-03-01T11:00:00.250000Z");
  EXPECT_EQ(asUtc("2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00.000000Z");
  EXPECT_EQ(asUtc("2024-02-29t23:59:59.123456789z"), "2024-02-29T23:59:59.123456Z");
  EXPECT_EQ(asUtc("1969-12-31T23:59:59.999999Z"), "1969-12-31T23:59:59.999999Z");
}

TEST(Text, refusesTimesThatAreNone) {
  for (const char* bad :
       {"", "2026-03-01", "2026-03-01T12:00:00", "2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-00-01T12:00:00Z",
        "2026-03-01T24:00:00Z", "2026-03-01T12:60:00Z", "2026-03-01T12:00:60Z", "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00Zx", "2026-3-1T12:00:00Z", "2026-03-01T12:00:00+1:00", "10000-01-01T00:00:00Z"}) {
    EXPECT_EQ(asUtc(bad), "none") << bad;
  }
}

}  // namespace
}  // namespace testarena
