// SPDX-License-Identifier: Apache-2.0
#include "instance_services.h"

#include <vector>

#include <gtest/gtest.h>

namespace testarena::plugin_host {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

class FakeClock final : public Clock {
 public:
  Time now() const override { return Time(std::chrono::microseconds(1'700'000'000'000'000)); }
  Steady steady() const override { return steady_; }

  void advance(std::chrono::milliseconds by) { steady_ += by; }

 private:
  Steady steady_ = Steady(1s);
};

class InstanceServicesTest : public testing::Test {
 protected:
  InstanceServicesTest() {
    configureLog({LogFormat::text, LogSeverity::info, [this](std::string_view line) { lines_.emplace_back(line); }});
  }
  ~InstanceServicesTest() override { configureLog({}); }

  void log(LogLevel level, const std::string& message) {
    Call call(5s);
    services_.log({level, message}, call);
  }

  std::vector<std::string> lines_;
  FakeClock clock_;
  InstanceServices services_{"executor lab-1", clock_, nullptr,
                             std::make_shared<CallMetrics>(std::vector<std::string>()), nullptr};
};

TEST_F(InstanceServicesTest, timeIsTheHosts) {
  Call call(5s);
  EXPECT_EQ(services_.now({}, call).now, clock_.now());
}

TEST_F(InstanceServicesTest, aWordOfANewerSdkIsTooLoudRatherThanLost) {
  log(LogLevel::unknown, "what");
  log(LogLevel::debug, "not seen");
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_NE(lines_[0].find("error   executor lab-1: what"), std::string::npos);
}

TEST_F(InstanceServicesTest, aPluginThatShoutsIsCutAndTheCutIsTold) {
  for (int i = 0; i < 5000; ++i) log(LogLevel::info, "again");
  EXPECT_EQ(lines_.size(), 500U);
  clock_.advance(1000ms);
  log(LogLevel::info, "later");
  ASSERT_EQ(lines_.size(), 502U);
  EXPECT_NE(lines_[500].find("warning executor lab-1: 4500 lines of this plugin were left out"), std::string::npos)
      << lines_[500];
  EXPECT_NE(lines_[501].find("later"), std::string::npos);
}

TEST_F(InstanceServicesTest, linesThatAreNotWrittenDoNotUseUpTheLimit) {
  for (int i = 0; i < 5000; ++i) log(LogLevel::debug, "quiet");
  log(LogLevel::info, "seen");
  EXPECT_EQ(lines_.size(), 1U);
}

TEST(LineLimit, aClockThatStandsStillOrGoesBackGivesNothing) {
  LineLimit limit(10, 2);
  std::uint64_t dropped = 0;
  const Clock::Steady now(100s);
  EXPECT_TRUE(limit.pass(now, dropped));
  EXPECT_TRUE(limit.pass(now, dropped));
  EXPECT_FALSE(limit.pass(now, dropped));
  EXPECT_FALSE(limit.pass(now - 50s, dropped));
  EXPECT_TRUE(limit.pass(now + 1s, dropped));
  EXPECT_EQ(dropped, 2U);
}

}  // namespace
}  // namespace testarena::plugin_host
