// SPDX-License-Identifier: Apache-2.0
#include "executor_contract.h"

namespace testarena::contract {
namespace {

TEST_P(ExecutorContract, anExecutorThatEndsWholeJobsOnlySaysSo) {
  if (capabilities().abort_run) GTEST_SKIP() << "this one ends single runs";
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  EXPECT_EQ(codeOf([&] { abortRun("1", scenarios().passes); }), Code::unsupported);
}

TEST_P(ExecutorContract, anAbortOfOneRunLeavesTheOthersAlone) {
  TA_NEEDS_ABORT_RUN();
  TA_NEEDS(sleeps);
  TA_NEEDS(passes);
  submit("1", {scenarios().sleeps, scenarios().passes});
  waitUntilRunning("1");
  abortRun("1", scenarios().sleeps);
  const JobStatus job = waitForEnd("1");
  EXPECT_EQ(job.runs.at(0).state, State::aborted);
  EXPECT_EQ(job.runs.at(1).state, State::passed);
  EXPECT_EQ(status("1"), job);
}

TEST_P(ExecutorContract, anAbortOfOneRunMayComeAtOnceAndTwice) {
  TA_NEEDS_ABORT_RUN();
  TA_NEEDS(sleeps);
  submit("1", {scenarios().sleeps});
  abortRun("1", scenarios().sleeps);
  abortRun("1", scenarios().sleeps);
  EXPECT_EQ(waitForEnd("1").runs.at(0).state, State::aborted);
}

TEST_P(ExecutorContract, onlyTheAttemptThatIsNamedIsAborted) {
  TA_NEEDS_ABORT_RUN();
  TA_NEEDS(sleeps);
  TA_NEEDS(passes);
  Submission submission = job("1", {scenarios().sleeps, scenarios().passes, scenarios().sleeps});
  submission.runs.at(2).attempt = 2;
  submit(submission);
  abortRun("1", scenarios().sleeps, 2);
  const JobStatus now =
      waitFor("1", [](const JobStatus& job) { return job.runs.size() > 2 && hasEnded(job.runs[2].state); });
  EXPECT_EQ(now.runs.at(2).state, State::aborted);
  EXPECT_FALSE(hasEnded(now.runs.at(0).state));
  EXPECT_FALSE(hasEnded(now.state));
  abortRun("1", scenarios().sleeps, 1);
  EXPECT_EQ(waitForEnd("1").runs.at(0).state, State::aborted);
}

TEST_P(ExecutorContract, abortingARunThatHasEndedChangesNothing) {
  TA_NEEDS_ABORT_RUN();
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  const JobStatus ended = waitForEnd("1");
  abortRun("1", scenarios().passes);
  EXPECT_EQ(status("1"), ended);
}

TEST_P(ExecutorContract, abortingAnUnknownRunIsNotFound) {
  TA_NEEDS_ABORT_RUN();
  TA_NEEDS(passes);
  EXPECT_EQ(codeOf([&] { abortRun("1", scenarios().passes); }), Code::not_found);
  submit("1", {scenarios().passes});
  EXPECT_EQ(codeOf([&] { abortRun("1", "there is no such scenario"); }), Code::not_found);
  EXPECT_EQ(codeOf([&] { abortRun("1", scenarios().passes, 2); }), Code::not_found);
}

TEST_P(ExecutorContract, anAbortedRunStaysAbortedAfterARestart) {
  TA_NEEDS_ABORT_RUN();
  TA_NEEDS(sleeps);
  Submission submission = job("1", {scenarios().sleeps, scenarios().sleeps, scenarios().sleeps, scenarios().sleeps});
  for (std::size_t i = 0; i < submission.runs.size(); ++i) submission.runs[i].attempt = static_cast<int64_t>(i) + 1;
  submit(submission);
  waitUntilRunning("1");
  abortRun("1", scenarios().sleeps, 1);
  abortRun("1", scenarios().sleeps, 4);
  if (!subject().restart()) GTEST_SKIP() << "nothing of this executor outlives its object";
  const auto haveEnded = [](const JobStatus& job) {
    return hasEnded(job.runs.at(0).state) && hasEnded(job.runs.at(3).state);
  };
  const JobStatus now = waitFor("1", haveEnded);
  EXPECT_EQ(now.runs.at(0).state, State::aborted);
  EXPECT_EQ(now.runs.at(3).state, State::aborted);
  EXPECT_FALSE(hasEnded(now.runs.at(1).state));
}

}  // namespace
}  // namespace testarena::contract
