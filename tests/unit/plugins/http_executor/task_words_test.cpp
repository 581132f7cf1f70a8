// SPDX-License-Identifier: Apache-2.0
#include "task_words.h"

#include <gtest/gtest.h>

namespace testarena::http_executor {
namespace {

using Is = TaskTold::Is;

class TaskWordsTest : public testing::Test {
 protected:
  TaskTold read(const std::string& json) const { return words_.read(json::parse(json)); }
  Is isOf(const std::string& json) const { return read(json).is; }
  State stateOf(const std::string& json) const { return read(json).state; }

  const TaskWords words_{{"result", "status"}, {"PASS", "ok"}, {"FAIL"}};
};

TEST_F(TaskWordsTest, theVerdictStandsInOneOfTheFieldsInAnyCase) {
  EXPECT_EQ(stateOf(R"({"status": "PASS"})"), State::passed);
  EXPECT_EQ(stateOf(R"({"status": "fail"})"), State::failed);
  EXPECT_EQ(stateOf(R"({"status": "Finished", "result": "pass"})"), State::passed);
  EXPECT_EQ(stateOf(R"({"status": "Finished", "result": " Fail "})"), State::failed);
  EXPECT_EQ(stateOf(R"({"status": "done", "result": "OK"})"), State::passed);
  EXPECT_EQ(stateOf(R"({"status": "PASS", "result": "FAIL"})"), State::failed) << "the first field counts";
  EXPECT_EQ(stateOf(R"({"status": "FAIL", "result": "http://report"})"), State::failed);
}

TEST_F(TaskWordsTest, noVerdictIsBelievedBeforeTheEnd) {
  EXPECT_EQ(isOf(R"({"status": "Running", "result": "PASS"})"), Is::running);
  EXPECT_EQ(isOf(R"({"status": "WAITING", "result": "FAIL"})"), Is::waiting);
}

TEST_F(TaskWordsTest, finishedIsNoVerdict) {
  EXPECT_EQ(isOf(R"({"status": "Finished"})"), Is::finished);
  EXPECT_EQ(isOf(R"({"status": "FINISHED", "result": null})"), Is::finished);
  EXPECT_EQ(isOf(R"({"status": "Finished", "result": "PASSWORD"})"), Is::finished);
  EXPECT_EQ(isOf(R"({"status": "Finished", "result": true})"), Is::finished);
  EXPECT_EQ(isOf(R"({"status": "Finished", "verdict": "PASS"})"), Is::finished) << "a field that was not named";
}

TEST_F(TaskWordsTest, abortedStaysAborted) {
  EXPECT_EQ(isOf(R"({"status": "Aborted"})"), Is::aborted);
  EXPECT_EQ(isOf(R"({"status": "aborted", "result": "FAIL"})"), Is::aborted);
}

TEST_F(TaskWordsTest, aWordThatIsNotKnownIsNoEnd) {
  EXPECT_EQ(isOf(R"({"status": "Preparing"})"), Is::running);
  EXPECT_EQ(isOf(R"({"status": ""})"), Is::running);
  EXPECT_EQ(isOf(R"({"status": 7})"), Is::running);
  EXPECT_EQ(isOf(R"({})"), Is::running);
  EXPECT_EQ(read(R"({"status": "Preparing"})").word, "Preparing");
}

TEST(QueueStates, areTheDocumentedOnesInAnyCase) {
  EXPECT_EQ(queueStateOf("Waiting"), QueueState::waiting);
  EXPECT_EQ(queueStateOf("RUNNING"), QueueState::running);
  EXPECT_EQ(queueStateOf("finished"), QueueState::finished);
  EXPECT_EQ(queueStateOf("Aborted"), QueueState::aborted);
  EXPECT_EQ(queueStateOf("Cleaning up"), QueueState::running);
}

}  // namespace
}  // namespace testarena::http_executor
