// SPDX-License-Identifier: Apache-2.0
#include "executor_contract.h"

namespace testarena::contract {
namespace {

TEST_P(ExecutorContract, anUnknownJobIsAnAnswer) {
  const JobStatus job = status("nobody-knows-me");
  EXPECT_EQ(job.job, "nobody-knows-me");
  EXPECT_EQ(job.state, State::unknown);
  EXPECT_TRUE(job.runs.empty());
}

TEST_P(ExecutorContract, aBatchIsAnsweredInTheOrderAskedAndUnknownJobsSpoilNothing) {
  TA_NEEDS(passes);
  TA_NEEDS(fails);
  submit("1", {scenarios().passes});
  submit("2", {scenarios().fails});
  waitForEnd("1");
  waitForEnd("2");
  Call call(std::chrono::seconds(30));
  const StatusAnswer answer = executor().status({{ref("2"), {"none", ""}, ref("1"), {"../x", ""}, ref("2")}}, call);
  ASSERT_EQ(answer.jobs.size(), 5u);
  const std::vector<std::pair<std::string, State>> expected = {{"2", State::failed},
                                                               {"none", State::unknown},
                                                               {"1", State::passed},
                                                               {"../x", State::unknown},
                                                               {"2", State::failed}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(answer.jobs[i].job, expected[i].first) << i;
    EXPECT_EQ(answer.jobs[i].state, expected[i].second) << i;
  }
}

TEST_P(ExecutorContract, aBatchOfNothingIsAnsweredByNothing) {
  Call call(std::chrono::seconds(30));
  EXPECT_TRUE(executor().status({}, call).jobs.empty());
}

TEST_P(ExecutorContract, aBatchMayBeAsLongAsTheCapabilitiesSay) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  StatusRequest request;
  for (int64_t i = 1; i < capabilities().max_batch; ++i) request.jobs.push_back({"unknown-" + std::to_string(i), ""});
  request.jobs.push_back(ref("1"));
  Call call(std::chrono::seconds(30));
  const StatusAnswer answer = executor().status(request, call);
  ASSERT_EQ(answer.jobs.size(), request.jobs.size());
  EXPECT_NE(answer.jobs.back().state, State::unknown);
}

TEST_P(ExecutorContract, statesOnlyGoForwardAndAnEndStays) {
  TA_NEEDS(writes);
  submit("1", {scenarios().writes});
  const auto rank = [](State state) { return state == State::waiting ? 0 : state == State::in_progress ? 1 : 2; };
  int before = 0;
  int64_t bytes = 0;
  const JobStatus ended = waitFor("1", [&](const JobStatus& job) {
    EXPECT_NE(job.state, State::unknown);
    EXPECT_GE(rank(job.state), before);
    before = rank(job.state);
    for (const RunStatus& run : job.runs) {
      EXPECT_GE(run.log_bytes, bytes) << "a log never shrinks";
      bytes = run.log_bytes;
    }
    return hasEnded(job.state);
  });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(status("1"), ended);
}

TEST_P(ExecutorContract, anEndHasItsTimesInOrder) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  const RunStatus run = waitForEnd("1").runs.at(0);
  ASSERT_TRUE(run.started_at.has_value());
  ASSERT_TRUE(run.finished_at.has_value());
  EXPECT_LE(*run.started_at, *run.finished_at);
}

TEST_P(ExecutorContract, runsAreToldInTheOrderOfTheSubmission) {
  TA_NEEDS(passes);
  TA_NEEDS(fails);
  TA_NEEDS(skips);
  submit("1", {scenarios().skips, scenarios().passes, scenarios().fails});
  const JobStatus job = waitForEnd("1");
  ASSERT_EQ(job.runs.size(), 3u);
  EXPECT_EQ(job.runs[0].scenario, scenarios().skips);
  EXPECT_EQ(job.runs[1].scenario, scenarios().passes);
  EXPECT_EQ(job.runs[2].scenario, scenarios().fails);
}

TEST_P(ExecutorContract, healthIsAnsweredWhileJobsRun) {
  TA_NEEDS(sleeps);
  submit("1", {scenarios().sleeps});
  waitUntilRunning("1");
  Call call(std::chrono::seconds(30));
  const Health health = executor().health({}, call);
  EXPECT_EQ(health.state, HealthState::ok) << health.message;
  if (health.slots > 0) {
    EXPECT_GE(health.slots_used, 1);
  }
}

}  // namespace
}  // namespace testarena::contract
