// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include <testarena/utf8.h>

namespace testarena {
namespace {

std::string utf8Of(std::uint32_t point) {
  const auto octet = [](std::uint32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80) return {octet(point)};
  if (point < 0x800) return {octet(0xC0 | point >> 6), octet(0x80 | (point & 0x3F))};
  if (point < 0x10000)
    return {octet(0xE0 | point >> 12), octet(0x80 | (point >> 6 & 0x3F)), octet(0x80 | (point & 0x3F))};
  return {octet(0xF0 | point >> 18), octet(0x80 | (point >> 12 & 0x3F)), octet(0x80 | (point >> 6 & 0x3F)),
          octet(0x80 | (point & 0x3F))};
}

TEST(Utf8, takesEveryCodePointButSurrogates) {
  for (std::uint32_t point = 0; point < 0x110000; ++point) {
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    ASSERT_EQ(isUtf8(utf8Of(point)), !surrogate) << std::hex << point;
  }
}

TEST(Utf8, refusesWhatIsNone) {
  for (const char* text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xF0\x9F\x98"}) {
    EXPECT_FALSE(isUtf8(text)) << text;
    // Behind whole groups of eight plain characters, and before others.
    EXPECT_FALSE(isUtf8(std::string(16, 'a') + text + std::string(9, 'b')));
  }
}

TEST(Utf8, cleanReplacesEachStrayOctet) {
  EXPECT_EQ(cleanUtf8("caf\xE9 \xE2\x82"), "caf\uFFFD \uFFFD\uFFFD");
  EXPECT_EQ(cleanUtf8("Grüße"), "Grüße");
  EXPECT_EQ(cleanUtf8(""), "");
}

TEST(Utf8, cleanTextIsAlwaysUtf8) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      ASSERT_TRUE(isUtf8(cleanUtf8(text))) << first << ' ' << second;
    }
  }
}

}  // namespace
}  // namespace testarena
