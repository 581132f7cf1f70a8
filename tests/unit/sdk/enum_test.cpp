// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <testarena/enum.h>

namespace testarena {
namespace {

TA_ENUM(Light, unknown, red, amber_blinking)

TEST(Enum, namesAndValuesBelongTogether) {
  static_assert(enumName(Light::amber_blinking) == "amber_blinking");
  static_assert(enumValue<Light>("red") == Light::red);
  EXPECT_EQ(enumNames<Light>().size(), 3U);
  for (std::string_view name : enumNames<Light>()) EXPECT_EQ(enumName(enumValue<Light>(name).value()), name);
}

TEST(Enum, otherNamesHaveNoValue) {
  for (const char* name : {"", "Red", "re", "redd", " red", "red,amber_blinking"}) {
    EXPECT_FALSE(enumValue<Light>(name)) << name;
  }
}

TEST(Enum, aNumberThatIsNoneHasTheFirstName) {
  EXPECT_EQ(enumName(static_cast<Light>(3)), "unknown");
  EXPECT_EQ(enumName(static_cast<Light>(-1)), "unknown");
}

}  // namespace
}  // namespace testarena
