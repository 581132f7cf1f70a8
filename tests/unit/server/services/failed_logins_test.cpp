// SPDX-License-Identifier: Apache-2.0
#include "failed_logins.h"

#include <gtest/gtest.h>

namespace testarena::server {
namespace {

using std::chrono::seconds;

class SteppedClock final : public Clock {
 public:
  Time now() const override { return Time(std::chrono::duration_cast<std::chrono::microseconds>(passed)); }
  Steady steady() const override { return Steady(passed); }
  std::chrono::nanoseconds passed = std::chrono::hours(1000);
};

class FailedLoginsTest : public ::testing::Test {
 protected:
  void fail(const char* user, const char* address, int times) {
    for (int i = 0; i < times; ++i) logins_.failed(user, address);
  }
  bool mayTry(const char* user, const char* address) { return !logins_.mustWait(user, address); }

  SteppedClock clock_;
  FailedLogins logins_{clock_};
};

TEST_F(FailedLoginsTest, tenInARowAreEnough) {
  fail("anna", "10.0.0.1", 9);
  EXPECT_TRUE(mayTry("anna", "10.0.0.1"));
  fail("anna", "10.0.0.1", 1);
  EXPECT_FALSE(mayTry("anna", "10.0.0.1"));
}

TEST_F(FailedLoginsTest, theWaitIsAtMostAMinuteAndEnds) {
  fail("anna", "10.0.0.1", 10);
  EXPECT_LE(*logins_.mustWait("anna", "10.0.0.1"), seconds(60));
  clock_.passed += seconds(60);
  EXPECT_TRUE(mayTry("anna", "10.0.0.1"));
  fail("anna", "10.0.0.1", 1);
  EXPECT_FALSE(mayTry("anna", "10.0.0.1")) << "one more try a minute, not ten";
}

TEST_F(FailedLoginsTest, aRightPasswordForgets) {
  fail("anna", "10.0.0.1", 9);
  logins_.succeeded("ANNA", "10.0.0.1");
  fail("anna", "10.0.0.1", 9);
  EXPECT_TRUE(mayTry("anna", "10.0.0.1"));
}

TEST_F(FailedLoginsTest, anotherAddressKeepsNobodyOut) {
  fail("anna", "10.0.0.1", 50);
  EXPECT_TRUE(mayTry("anna", "10.0.0.2"));
  EXPECT_TRUE(mayTry("bert", "10.0.0.1"));
}

TEST_F(FailedLoginsTest, anAddressThatTriesManyNamesWaits) {
  for (int i = 0; i < 100; ++i) logins_.failed("user" + std::to_string(i), "10.0.0.1");
  EXPECT_FALSE(mayTry("somebody", "10.0.0.1"));
  EXPECT_TRUE(mayTry("somebody", "10.0.0.2"));
  clock_.passed += seconds(60);
  EXPECT_TRUE(mayTry("somebody", "10.0.0.1"));
}

}  // namespace
}  // namespace testarena::server
