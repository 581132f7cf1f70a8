// SPDX-License-Identifier: Apache-2.0
// What is told of a queue and its tasks in the words of the protocol.
#include <gtest/gtest.h>

#include "queues.h"

namespace testarena::runner {
namespace {

using test::run;

Queue queueOf(const std::vector<std::string>& scenarios, Phase phase, State state, std::vector<RunStatus> runs) {
  Queue queue{test::accepted("7", scenarios), {}};
  queue.progress.phase = phase;
  queue.progress.status.state = state;
  queue.progress.status.runs = std::move(runs);
  return queue;
}

TEST(Ids, areOfOneForm) {
  for (const char* id : {"1", "184", "_", "a-b", "a.b:c", "A_0", "7:1"}) EXPECT_TRUE(isId(id)) << id;
  EXPECT_TRUE(isId(std::string(128, 'x')));
  EXPECT_FALSE(isId(std::string(129, 'x')));
  for (const char* id : {"", ".", "..", "-1", ":a", "../x", "a/b", "a b", "a\n", "ä", "a%", "$(id)"}) {
    EXPECT_FALSE(isId(id)) << id;
  }
  EXPECT_FALSE(isId(std::string_view("a\0b", 3)));
}

TEST(QueueState, hasTheFourWords) {
  EXPECT_EQ(stateOf(queueOf({"a"}, Phase::waiting, State::unknown, {})), "Waiting");
  EXPECT_EQ(stateOf(queueOf({"a"}, Phase::sending, State::unknown, {})), "Waiting");
  EXPECT_EQ(stateOf(queueOf({"a"}, Phase::accepted, State::waiting, {})), "Waiting");
  EXPECT_EQ(stateOf(queueOf({"a"}, Phase::accepted, State::in_progress, {})), "Running");
  for (const State state : {State::passed, State::failed, State::errored}) {
    EXPECT_EQ(stateOf(queueOf({"a"}, Phase::ended, state, {run("a", state)})), "Finished");
  }
  EXPECT_EQ(stateOf(queueOf({"a"}, Phase::ended, State::aborted, {run("a", State::aborted)})), "Aborted");
}

TEST(QueueState, oneTaskThatWasAbortedDoesNotAbortTheQueue) {
  const auto runs = std::vector<RunStatus>{run("a", State::aborted), run("b", State::passed)};
  Queue queue = queueOf({"a", "b"}, Phase::ended, State::aborted, runs);
  EXPECT_EQ(stateOf(queue), "Finished");
  queue.progress.abort_asked = true;
  EXPECT_EQ(stateOf(queue), "Aborted");
}

TEST(QueueState, anAbortThatCameTooLateLeavesTheVerdict) {
  Queue queue = queueOf({"a"}, Phase::ended, State::passed, {run("a", State::passed)});
  queue.progress.abort_asked = true;
  EXPECT_EQ(stateOf(queue), "Finished");
}

TEST(TaskState, tellsVerdictsAndReasons) {
  const auto told = [](State state, const std::string& reason) {
    return stateOf(queueOf({"a"}, Phase::ended, state, {run("a", state, reason)}), 0);
  };
  EXPECT_EQ(told(State::passed, "").result, "PASS");
  EXPECT_EQ(told(State::failed, "ran longer than 1 s").result, "FAIL");
  EXPECT_EQ(told(State::failed, "ran longer than 1 s").reason, "ran longer than 1 s");
  EXPECT_EQ(told(State::skipped, "").result, "PASS");
  EXPECT_EQ(told(State::skipped, "").reason, "skipped");
  EXPECT_EQ(told(State::errored, "the disk is full").status, "Finished");
  EXPECT_EQ(told(State::errored, "the disk is full").result, "") << "no verdict is no pass";
  EXPECT_FALSE(told(State::errored, "").reason.empty());
  EXPECT_EQ(told(State::aborted, "").status, "Aborted");
}

TEST(TaskState, followsItsRun) {
  EXPECT_EQ(stateOf(queueOf({"a"}, Phase::waiting, State::unknown, {}), 0).status, "Waiting");
  EXPECT_EQ(stateOf(queueOf({"a"}, Phase::accepted, State::in_progress, {run("a", State::in_progress)}), 0).status,
            "Running");
  EXPECT_EQ(stateOf(queueOf({"a"}, Phase::accepted, State::in_progress, {run("a", State::waiting)}), 0).status,
            "Waiting");
}

TEST(TaskState, aListersTaskStandsForItsTests) {
  const auto lister = [](std::vector<State> states) {
    std::vector<RunStatus> runs;
    for (std::size_t i = 0; i < states.size(); ++i) {
      runs.push_back(run("test" + std::to_string(i), states[i]));
      runs.back().expanded_from = "ctest";
    }
    return stateOf(queueOf({"ctest"}, Phase::ended, State::failed, runs), 0);
  };
  EXPECT_EQ(lister({State::passed, State::passed}).result, "PASS");
  EXPECT_EQ(lister({State::passed, State::failed}).result, "FAIL");
  EXPECT_EQ(lister({State::passed, State::failed}).reason, "test1");
  EXPECT_EQ(lister({State::failed, State::errored}).result, "");
  EXPECT_EQ(lister({State::passed, State::in_progress}).status, "Running");
}

TEST(TaskState, aTaskThatWasLeftOutIsAbortedForGood) {
  Queue queue = queueOf({"a", "b"}, Phase::waiting, State::unknown, {});
  queue.progress.aborted_tasks = queue.progress.left_out = {0};
  EXPECT_EQ(stateOf(queue, 0).status, "Aborted");
  EXPECT_EQ(stateOf(queue, 1).status, "Waiting");
  EXPECT_EQ(submissionOf(queue).runs.size(), 1U);
  EXPECT_EQ(submissionOf(queue).runs[0].scenario, "b");
  queue.progress.phase = Phase::accepted;
  EXPECT_EQ(stateOf(queue, 0).status, "Aborted") << "also before the executor was asked for the first time";
  JobStatus seen;
  seen.state = State::passed;
  seen.runs = {run("b", State::passed)};
  queue.progress.status = completed(queue, seen);
  queue.progress.phase = Phase::ended;
  EXPECT_EQ(stateOf(queue, 0).status, "Aborted");
  EXPECT_EQ(stateOf(queue, 1).result, "PASS");
  EXPECT_EQ(stateOf(queue), "Finished");
}

TEST(OpenTasks, countWhatHasNotEnded) {
  EXPECT_EQ(openTasks(queueOf({"a", "b"}, Phase::waiting, State::unknown, {})), 2);
  EXPECT_EQ(openTasks(queueOf({"a", "b"}, Phase::accepted, State::unknown, {})), 2);
  const auto runs = std::vector<RunStatus>{run("a", State::passed), run("b", State::in_progress)};
  EXPECT_EQ(openTasks(queueOf({"a", "b"}, Phase::accepted, State::in_progress, runs)), 1);
  EXPECT_EQ(openTasks(queueOf({"a", "b"}, Phase::ended, State::passed, runs)), 0);
}

}  // namespace
}  // namespace testarena::runner
