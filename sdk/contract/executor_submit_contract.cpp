// SPDX-License-Identifier: Apache-2.0
#include "executor_contract.h"

namespace testarena::contract {
namespace {

TEST_P(ExecutorContract, aPassingJobPasses) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  const JobStatus job = waitForEnd("1");
  EXPECT_EQ(job.state, State::passed) << job.reason;
  ASSERT_EQ(job.runs.size(), 1u);
  EXPECT_EQ(job.runs[0].scenario, scenarios().passes);
  EXPECT_EQ(job.runs[0].attempt, 1);
  EXPECT_EQ(job.runs[0].state, State::passed) << job.runs[0].reason;
  EXPECT_EQ(job.runs[0].exit_code.value_or(0), 0);
}

TEST_P(ExecutorContract, oneFailureFailsTheJob) {
  TA_NEEDS(passes);
  TA_NEEDS(fails);
  submit("1", {scenarios().fails, scenarios().passes});
  const JobStatus job = waitForEnd("1");
  EXPECT_EQ(job.state, State::failed) << job.reason;
  ASSERT_EQ(job.runs.size(), 2u);
  EXPECT_EQ(job.runs[0].state, State::failed);
  EXPECT_EQ(job.runs[1].state, State::passed);
}

TEST_P(ExecutorContract, aSkippedScenarioDoesNotFailTheJob) {
  TA_NEEDS(skips);
  submit("1", {scenarios().skips});
  const JobStatus job = waitForEnd("1");
  EXPECT_EQ(job.state, State::passed) << job.reason;
  EXPECT_EQ(job.runs.at(0).state, State::skipped);
}

TEST_P(ExecutorContract, theSameSubmissionAgainHasTheSameHandleAndStartsNothing) {
  TA_NEEDS(passes);
  TA_NEEDS_C3();
  const Submitted first = submit("1", {scenarios().passes});
  const Submitted again = submit("1", {scenarios().passes});
  EXPECT_EQ(again.handle, first.handle);
  const JobStatus ended = waitForEnd("1");
  const Submitted afterItsEnd = submit("1", {scenarios().passes});
  EXPECT_EQ(afterItsEnd.handle, first.handle);
  EXPECT_EQ(status("1"), ended) << "an end is told again for ever";
}

TEST_P(ExecutorContract, otherContentUnderAKnownIdIsAConflict) {
  TA_NEEDS(passes);
  TA_NEEDS(fails);
  TA_NEEDS_C3();
  submit("1", {scenarios().passes});
  EXPECT_EQ(codeOf([&] { submit("1", {scenarios().fails}); }), Code::conflict);
  Submission otherUser = job("1", {scenarios().passes});
  otherUser.user += "x";
  EXPECT_EQ(codeOf([&] { submit(otherUser); }), Code::conflict);
  EXPECT_EQ(waitForEnd("1").state, State::passed);
}

TEST_P(ExecutorContract, aJobWithoutRunsIsInvalidAndNothingHappens) {
  EXPECT_EQ(codeOf([&] { submit("1", {}); }), Code::invalid);
  EXPECT_EQ(status("1").state, State::unknown);
}

TEST_P(ExecutorContract, aRunThatComesTwiceIsInvalidAndNothingHappens) {
  TA_NEEDS(passes);
  EXPECT_EQ(codeOf([&] { submit("1", {scenarios().passes, scenarios().passes}); }), Code::invalid);
  EXPECT_EQ(status("1").state, State::unknown);
}

TEST_P(ExecutorContract, aCommitThatDoesNotExistIsRefusedAndNothingHappens) {
  TA_NEEDS(passes);
  if (subject().missingCommit().empty()) GTEST_SKIP() << "this executor takes every commit";
  Submission submission = job("1", {scenarios().passes});
  submission.commit = subject().missingCommit();
  // Where the remote only says that it refuses, `invalid` is all that is known of it.
  const Code code = codeOf([&] { submit(submission); });
  EXPECT_TRUE(code == Code::not_found || code == Code::invalid) << enumName(code);
  EXPECT_EQ(status("1").state, State::unknown);
}

TEST_P(ExecutorContract, aRefusedIdIsFreeForARightSubmission) {
  TA_NEEDS(passes);
  EXPECT_EQ(codeOf([&] { submit("1", {}); }), Code::invalid);
  submit("1", {scenarios().passes});
  EXPECT_EQ(waitForEnd("1").state, State::passed);
}

TEST_P(ExecutorContract, everyAllowedIdIsTaken) {
  TA_NEEDS(passes);
  const std::vector<std::string> ids = {
      "7", "_", "a", "0-0", "lab:7", "v1.2.3", "9007199254740991", "x" + std::string(127, 'y')};
  for (const std::string& id : ids) submit(id, {scenarios().passes});
  for (const std::string& id : ids) EXPECT_EQ(waitForEnd(id).state, State::passed) << id;
}

TEST_P(ExecutorContract, anAcceptedJobOutlivesTheInstance) {
  TA_NEEDS(sleeps);
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  const JobStatus ended = waitForEnd("1");
  submit("2", {scenarios().sleeps});
  waitUntilRunning("2");
  if (!subject().restart()) GTEST_SKIP() << "this remote does not outlive its executor";
  EXPECT_EQ(status("1"), ended);
  EXPECT_EQ(status("2").state, State::in_progress);
  EXPECT_EQ(codeOf([&] { submit("2", {scenarios().sleeps}); }), Code::ok);
  abort("2");
  EXPECT_EQ(waitForEnd("2").state, State::aborted);
}

}  // namespace
}  // namespace testarena::contract
