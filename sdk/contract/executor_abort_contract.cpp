// SPDX-License-Identifier: Apache-2.0
#include "executor_contract.h"

namespace testarena::contract {
namespace {

TEST_P(ExecutorContract, anAbortEndsWhatRunsAndWhatWaits) {
  TA_NEEDS(sleeps);
  TA_NEEDS(passes);
  submit("1", {scenarios().sleeps, scenarios().passes});
  waitUntilRunning("1");
  abort("1");
  const JobStatus job = waitForEnd("1");
  EXPECT_EQ(job.state, State::aborted);
  EXPECT_EQ(job.runs.at(0).state, State::aborted);
  EXPECT_TRUE(hasEnded(job.runs.at(1).state));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(status("1"), job);
}

TEST_P(ExecutorContract, anAbortMayComeAtOnce) {
  TA_NEEDS(sleeps);
  submit("1", {scenarios().sleeps});
  abort("1");
  EXPECT_EQ(waitForEnd("1").state, State::aborted);
}

TEST_P(ExecutorContract, abortingTwiceIsNoError) {
  TA_NEEDS(sleeps);
  submit("1", {scenarios().sleeps});
  waitUntilRunning("1");
  abort("1");
  abort("1");
  EXPECT_EQ(waitForEnd("1").state, State::aborted);
  abort("1");
  EXPECT_EQ(status("1").state, State::aborted);
}

TEST_P(ExecutorContract, abortingWhatHasEndedChangesNothing) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  const JobStatus ended = waitForEnd("1");
  abort("1");
  EXPECT_EQ(status("1"), ended);
}

TEST_P(ExecutorContract, abortingAnUnknownJobIsNotFound) {
  EXPECT_EQ(codeOf([&] { abort("1"); }), Code::not_found);
}

TEST_P(ExecutorContract, anAbortedJobKeepsItsLog) {
  TA_NEEDS(sleeps);
  submit("1", {scenarios().sleeps});
  waitUntilRunning("1");
  abort("1");
  const JobStatus job = waitForEnd("1");
  EXPECT_EQ(static_cast<int64_t>(wholeLog("1", scenarios().sleeps).size()), job.runs.at(0).log_bytes);
}

}  // namespace
}  // namespace testarena::contract
