// SPDX-License-Identifier: Apache-2.0
#include "remote_monitor.h"

#include <gtest/gtest.h>

#include "world.h"

namespace testarena::server {
namespace {

using simulation::Plan;
using simulation::World;
using std::chrono::microseconds;
using std::chrono::milliseconds;

class RemoteMonitorTest : public ::testing::Test {
 protected:
  const RemoteState& state() const { return monitor_.state(); }
  static Health health(HealthState state, const std::string& message = "") {
    Health health;
    health.state = state;
    health.message = message;
    return health;
  }

  Plan plan_;
  World world_{plan_, 1};
  RemoteMonitor monitor_{Breaker(3, milliseconds(500), milliseconds(30'000)), world_, world_.random()};
};

TEST_F(RemoteMonitorTest, knowsNothingBeforeTheFirstAnswer) {
  EXPECT_EQ(state().state, EnvironmentState::unknown);
  EXPECT_FALSE(state().answered_at);
  EXPECT_FALSE(state().latency_us);
  EXPECT_FALSE(state().last_error_at);
}

TEST_F(RemoteMonitorTest, isOkByTheRemotesOwnWord) {
  monitor_.told(health(HealthState::ok, "runs as root"));
  monitor_.answered(microseconds(1'200));
  EXPECT_EQ(state().state, EnvironmentState::ok);
  EXPECT_EQ(state().message, "runs as root");
  EXPECT_EQ(state().answered_at, world_.now());
  EXPECT_EQ(state().latency_us, 1'200);
}

TEST_F(RemoteMonitorTest, isDegradedAtTheFirstMissedAnswerAndUnreachableAtTheThird) {
  monitor_.told(health(HealthState::ok));
  monitor_.answered();
  world_.advance(milliseconds(5'000));
  auto pause = monitor_.failed("connection refused");
  EXPECT_EQ(state().state, EnvironmentState::degraded);
  EXPECT_EQ(state().since, world_.now());
  EXPECT_EQ(state().next_try, world_.now() + pause);
  world_.advance(pause);
  world_.advance(monitor_.failed("connection refused"));
  pause = monitor_.failed("no route to host");
  EXPECT_EQ(state().state, EnvironmentState::unreachable);
  EXPECT_EQ(state().message, "no route to host");
  EXPECT_EQ(state().next_try, world_.now() + pause);

  const auto since = state().since;
  world_.advance(pause);
  monitor_.failed("no route to host");
  EXPECT_EQ(state().since, since) << "it has been so since then";
}

TEST_F(RemoteMonitorTest, isOkAgainWithOneAnswerAndKeepsTheLastErrorWithItsTime) {
  monitor_.told(health(HealthState::ok));
  for (int i = 0; i < 4; ++i) monitor_.failed("connection refused");
  const auto at = world_.now();
  world_.advance(milliseconds(60'000));
  monitor_.answered();
  EXPECT_EQ(state().state, EnvironmentState::ok);
  EXPECT_EQ(state().message, "");
  EXPECT_FALSE(state().next_try);
  EXPECT_EQ(state().last_error, "connection refused");
  EXPECT_EQ(state().last_error_at, at);
}

TEST_F(RemoteMonitorTest, anErrorOfOneJobChangesNoState) {
  monitor_.told(health(HealthState::ok));
  monitor_.answered();
  for (int i = 0; i < 10; ++i) monitor_.noteError("job 7: no answer");
  EXPECT_EQ(state().state, EnvironmentState::ok);
  EXPECT_EQ(state().last_error, "job 7: no answer");
}

TEST_F(RemoteMonitorTest, isDegradedWhenItAnswersButSaysThatItIsNotWell) {
  monitor_.told(health(HealthState::down, "git is missing"));
  monitor_.answered();
  EXPECT_EQ(state().state, EnvironmentState::degraded);
  EXPECT_EQ(state().message, "git is missing");
}

TEST_F(RemoteMonitorTest, tellsTheMedianOfTheLastFewLatencies) {
  for (int i = 0; i < 20; ++i) monitor_.answered(microseconds(90'000));
  for (const int us : {1'000, 2'000, 3'000, 4'000, 5'000, 6'000, 7'000, 900'000}) monitor_.answered(microseconds(us));
  EXPECT_EQ(state().latency_us, 900'000);
  EXPECT_EQ(state().latency_median_us, 90'000) << "8 of the last 15 are 90 ms or more";
  monitor_.answered(microseconds(1'000));
  EXPECT_EQ(state().latency_median_us, 7'000);
}

}  // namespace
}  // namespace testarena::server
