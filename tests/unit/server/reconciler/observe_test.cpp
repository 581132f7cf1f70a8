// SPDX-License-Identifier: Apache-2.0
#include "observe.h"

#include <gtest/gtest.h>

namespace testarena::server {
namespace {

using std::chrono::seconds;

constexpr Time kNow{seconds(1'000'000)};

Job jobOf(std::initializer_list<const char*> scenarios) {
  Job job;
  job.row.id = 7;
  job.row.revision = 3;
  job.row.environment = "lab";
  job.row.commit = "c0ffee";
  job.progress.phase = Phase::accepted;
  for (const auto* scenario : scenarios) {
    testarena::Run run;
    run.scenario = scenario;
    job.runs.push_back(run);
  }
  return job;
}

RunStatus told(const char* scenario, State state, const char* reason = "") {
  RunStatus status;
  status.scenario = scenario;
  status.state = state;
  status.reason = reason;
  return status;
}

JobStatus statusOf(State state, std::vector<RunStatus> runs) {
  JobStatus status;
  status.job = "7";
  status.state = state;
  status.runs = std::move(runs);
  return status;
}

TEST(Observe, aRunThatBeginsBeginsTheJob) {
  const auto seen = observe(jobOf({"a", "b"}), statusOf(State::in_progress, {told("a", State::in_progress)}), kNow);
  EXPECT_TRUE(seen.changed);
  EXPECT_FALSE(seen.ended);
  EXPECT_EQ(seen.update.state, State::in_progress);
  EXPECT_EQ(seen.update.started_at, kNow);
  ASSERT_EQ(seen.update.runs.size(), 1U);
  EXPECT_EQ(seen.update.runs[0].scenario, "a");
  EXPECT_EQ(seen.update.revision, 3);
}

TEST(Observe, theSameStatusAgainChangesNothing) {
  EXPECT_FALSE(observe(jobOf({"a"}), statusOf(State::waiting, {told("a", State::waiting)}), kNow).changed);
  EXPECT_FALSE(observe(jobOf({"a"}), {}, kNow).changed);
}

TEST(Observe, endsAreAbsorbing) {
  auto job = jobOf({"a", "b"});
  job.runs[0].state = State::passed;
  const auto seen =
      observe(job, statusOf(State::in_progress, {told("a", State::failed), told("b", State::waiting)}), kNow);
  EXPECT_TRUE(seen.update.runs.empty());
}

TEST(Observe, aRunNeverGoesBackToWaiting) {
  auto job = jobOf({"a"});
  job.row.state = State::in_progress;
  job.runs[0].state = State::in_progress;
  EXPECT_FALSE(observe(job, statusOf(State::waiting, {told("a", State::waiting)}), kNow).changed);
}

TEST(Observe, unknownStatesKeepWhatIsKnown) {
  EXPECT_FALSE(observe(jobOf({"a"}), statusOf(State::unknown, {told("a", State::unknown)}), kNow).changed);
}

TEST(Observe, runsThatNobodyAskedForAreIgnored) {
  const auto seen = observe(jobOf({"a"}), statusOf(State::in_progress, {told("planted", State::passed)}), kNow);
  EXPECT_TRUE(seen.update.runs.empty());
}

TEST(Observe, aJobEndsWithItsLastRun) {
  const auto seen = observe(jobOf({"a", "b"}),
                            statusOf(State::in_progress, {told("a", State::passed), told("b", State::skipped)}), kNow);
  EXPECT_TRUE(seen.ended);
  EXPECT_EQ(seen.update.state, State::passed);
  EXPECT_EQ(seen.update.finished_at, kNow);
}

TEST(Observe, abortedBeatsErroredBeatsFailedBeatsPassed) {
  auto verdictOf = [](std::vector<State> states) {
    std::vector<testarena::Run> runs;
    for (const auto state : states) runs.emplace_back().state = state;
    return verdict(runs);
  };
  EXPECT_EQ(verdictOf({State::passed, State::failed}), State::failed);
  EXPECT_EQ(verdictOf({State::failed, State::errored, State::passed}), State::errored);
  EXPECT_EQ(verdictOf({State::errored, State::aborted}), State::aborted);
  EXPECT_EQ(verdictOf({State::aborted, State::errored}), State::aborted);
  EXPECT_EQ(verdictOf({State::skipped}), State::passed);
  EXPECT_EQ(verdictOf({State::passed, State::waiting}), std::nullopt);
}

TEST(Observe, aJobThatEndsWithoutAVerdictForARunIsErroredNeverPassed) {
  const auto seen = observe(jobOf({"a", "b"}), statusOf(State::passed, {told("a", State::passed)}), kNow);
  EXPECT_TRUE(seen.ended);
  EXPECT_EQ(seen.update.state, State::errored);
  EXPECT_EQ(seen.update.reason, "b: the executor ended the job without a verdict for this run");
}

TEST(Observe, theReasonOfAnErroredRunIsTheJobs) {
  const auto seen = observe(jobOf({"a"}), statusOf(State::errored, {told("a", State::errored, "disk full")}), kNow);
  EXPECT_EQ(seen.update.reason, "a: disk full");
}

TEST(Observe, whyAJobWasAbortedStays) {
  auto job = jobOf({"a"});
  job.progress.intent = Intent::abort;
  job.row.reason = "aborted by anna";
  auto status = statusOf(State::in_progress, {told("a", State::in_progress)});
  status.reason = "is being aborted";
  EXPECT_EQ(observe(job, status, kNow).update.reason, "aborted by anna");
  const auto seen = observe(job, statusOf(State::aborted, {told("a", State::aborted)}), kNow);
  EXPECT_EQ(seen.update.state, State::aborted);
  EXPECT_EQ(seen.update.reason, "aborted by anna");
  EXPECT_EQ(endAll(job, State::errored, "lost", kNow).update.reason, "lost");
}

TEST(Observe, whyAJobWaitsGoesWhenItStarts) {
  auto job = jobOf({"a"});
  job.row.reason = "waits for a slot";
  EXPECT_EQ(observe(job, statusOf(State::in_progress, {told("a", State::in_progress)}), kNow).update.reason, "");
}

TEST(Observe, testsThatAListerFoundReplaceItsPlaceholder) {
  auto found = told("adds", State::waiting);
  found.expanded_from = "ctest";
  auto other = told("subtracts", State::passed);
  other.expanded_from = "ctest";
  const auto seen = observe(jobOf({"lint", "ctest"}), statusOf(State::in_progress, {found, other}), kNow);

  ASSERT_EQ(seen.update.obsolete.size(), 1U);
  EXPECT_EQ(seen.update.obsolete[0].scenario, "ctest");
  ASSERT_EQ(seen.update.runs.size(), 2U);
  EXPECT_EQ(seen.update.runs[0].scenario, "adds");
  EXPECT_EQ(seen.update.runs[1].state, State::passed);
  ASSERT_EQ(seen.expanded.size(), 1U);
  EXPECT_EQ(seen.expanded[0].lister, "ctest");
  EXPECT_EQ(seen.expanded[0].commit, "c0ffee");
  EXPECT_EQ(seen.expanded[0].runs.size(), 2U);
  EXPECT_FALSE(seen.ended);
}

TEST(Observe, testsOfAListerThatWasNotAskedForAreIgnored) {
  auto found = told("adds", State::passed);
  found.expanded_from = "ctest";
  const auto seen = observe(jobOf({"lint"}), statusOf(State::in_progress, {found}), kNow);
  EXPECT_TRUE(seen.update.runs.empty());
  EXPECT_TRUE(seen.update.obsolete.empty());
}

TEST(Observe, aRunDoesNotFinishBeforeItStarted) {
  auto lie = told("a", State::passed);
  lie.started_at = kNow;
  lie.finished_at = kNow - seconds(10);
  const auto seen = observe(jobOf({"a"}), statusOf(State::in_progress, {lie}), kNow);
  EXPECT_EQ(seen.update.runs.at(0).finished_at, kNow);
}

TEST(EndAll, endsOpenRunsAndLeavesTheOthers) {
  auto job = jobOf({"a", "b"});
  job.row.state = State::in_progress;
  job.runs[0].state = State::passed;
  const auto seen = endAll(job, State::errored, "lost", kNow);
  EXPECT_TRUE(seen.ended);
  EXPECT_EQ(seen.update.state, State::errored);
  EXPECT_EQ(seen.update.reason, "lost");
  ASSERT_EQ(seen.update.runs.size(), 1U);
  EXPECT_EQ(seen.update.runs[0].scenario, "b");
  EXPECT_EQ(seen.update.runs[0].finished_at, kNow);
}

}  // namespace
}  // namespace testarena::server
