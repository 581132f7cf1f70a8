// SPDX-License-Identifier: Apache-2.0
// The words that concern those who ask.
#include "dummy_executor.h"

#include <gtest/gtest.h>

#include "test_host.h"

namespace testarena::dummy_executor {
namespace {

using namespace std::chrono_literals;

class DummyTest : public testing::Test {
 protected:
  void use(const Settings& settings) { dummy = std::make_unique<DummyExecutor>(settings, host); }

  Submission job(const std::string& id, const std::string& scenario) {
    return Submission{id, "lab", "ada", "main", std::string(40, 'a'), {{scenario, "", 1, ""}}};
  }
  JobStatus status(const std::string& id) {
    Call call(30s);
    return dummy->status({{{id, ""}}}, call).jobs.at(0);
  }

  const Host host{std::make_shared<test::TestHost>()};
  std::unique_ptr<DummyExecutor> dummy = std::make_unique<DummyExecutor>(Settings{}, host);
  Call call{30s};
};

TEST_F(DummyTest, aLostRequestIsNeverAccepted) {
  EXPECT_THROW(dummy->submit(job("1", "lose-request"), call), Unavailable);
  EXPECT_THROW(dummy->submit(job("1", "lose-request"), call), Unavailable);
  EXPECT_EQ(status("1").state, State::unknown);
}

TEST_F(DummyTest, aLostAnswerIsAcceptedAndSaidTheSecondTime) {
  EXPECT_THROW(dummy->submit(job("1", "lose-answer"), call), Unavailable);
  EXPECT_EQ(status("1").state, State::passed);
  EXPECT_EQ(dummy->submit(job("1", "lose-answer"), call).handle, "dummy-1");
}

TEST_F(DummyTest, aRefusalIsProofThatNothingHappened) {
  EXPECT_THROW(dummy->submit(job("1", "refuse"), call), Invalid);
  EXPECT_EQ(status("1").state, State::unknown);
}

TEST_F(DummyTest, aLiarTakesItsEndBack) {
  dummy->submit(job("1", "lie-terminal_sleep-1m"), call);
  EXPECT_EQ(status("1").state, State::passed);
  EXPECT_EQ(status("1").state, State::in_progress);
}

TEST_F(DummyTest, aHangingStatusEndsWithTheCall) {
  dummy->submit(job("1", "hang-status"), call);
  Call impatient(50ms);
  EXPECT_THROW(dummy->status({{{"1", ""}}}, impatient), DeadlineExceeded);
  Call cancelled(1h, "", [] { return true; });
  EXPECT_THROW(dummy->status({{{"1", ""}}}, cancelled), Cancelled);
}

TEST_F(DummyTest, aSlowSubmissionIsAcceptedAlsoWhenNobodyWaitsForIt) {
  Call impatient(20ms);
  EXPECT_THROW(dummy->submit(job("1", "slow-submit-5m"), impatient), DeadlineExceeded);
  EXPECT_EQ(status("1").state, State::passed);
}

TEST_F(DummyTest, garbageIsSenselessAndNeverTheSameTwice) {
  dummy->submit(job("1", "garbage"), call);
  const JobStatus foreign = status("1"), empty = status("1"), strange = status("1"), shrinking = status("1");
  EXPECT_EQ(foreign.job, "10");
  EXPECT_TRUE(empty.runs.empty());
  EXPECT_EQ(strange.runs.size(), 3u);
  EXPECT_GT(shrinking.log_bytes, 0);
}

TEST_F(DummyTest, belowC3AKnownIdRunsAgain) {
  Settings settings;
  settings.idempotency = Idempotency::c2;
  settings.in_flight = 5s;
  use(settings);
  EXPECT_EQ(dummy->capabilities({}, call).in_flight, 5s);
  dummy->submit(job("1", "hang"), call);
  dummy->submit(job("1", "fail"), call);
  EXPECT_EQ(status("1").state, State::failed);
  dummy->remove({"1", ""}, call);
  dummy->submit(job("1", "pass"), call);
  EXPECT_EQ(status("1").state, State::passed);
}

TEST_F(DummyTest, atC0NothingCanBeAsked) {
  Settings settings;
  settings.idempotency = Idempotency::c0;
  use(settings);
  dummy->submit(job("1", "pass"), call);
  EXPECT_EQ(status("1").state, State::unknown);
}

TEST_F(DummyTest, settingsThatMakeNoSenseAreRefused) {
  Settings settings;
  settings.slots = 0;
  EXPECT_THROW(use(settings), Invalid);
  settings = {};
  settings.idempotency = Idempotency::unknown;
  EXPECT_THROW(use(settings), Invalid);
}

}  // namespace
}  // namespace testarena::dummy_executor
