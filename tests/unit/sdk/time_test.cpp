// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <ctime>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <testarena/time.h>

namespace testarena {
namespace {

std::string formatted(std::int64_t microseconds) {
  return formatTime(Time(std::chrono::microseconds(microseconds)));
}

TEST(Time, isRfc3339WithSixDigitsAndZ) {
  EXPECT_EQ(formatted(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(formatted(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(formatted(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(formatted(1'709'208'000'000'000), "2024-02-29T12:00:00.000000Z");
  EXPECT_EQ(formatted(951'868'799'000'000), "2000-02-29T23:59:59.000000Z");
}

TEST(Time, agreesWithTheCLibrary) {
  const std::uint64_t seed = std::random_device{}();
  RecordProperty("seed", std::to_string(seed));
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<std::int64_t> seconds(-62'167'219'200, 253'402'300'799);  // years 0000 to 9999
  for (int i = 0; i < 20'000; ++i) {
    const std::time_t time = seconds(random);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.000000Z", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    ASSERT_EQ(formatted(time * 1'000'000), text) << "seed " << seed;
  }
}

TEST(Time, isClampedToFourDigitYears) {
  EXPECT_EQ(formatted(std::numeric_limits<std::int64_t>::min()), "0000-01-01T00:00:00.000000Z");
  EXPECT_EQ(formatted(std::numeric_limits<std::int64_t>::max()), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(formatted(253'402'300'799'999'999), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(formatted(253'402'300'800'000'000), "9999-12-31T23:59:59.999999Z");
}

}  // namespace
}  // namespace testarena
