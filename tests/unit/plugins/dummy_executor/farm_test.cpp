// SPDX-License-Identifier: Apache-2.0
#include "farm.h"

#include <gtest/gtest.h>

namespace testarena::dummy_executor {
namespace {

using namespace std::chrono_literals;

class FarmTest : public testing::Test {
 protected:
  void add(const std::string& job, const std::vector<std::string>& scenarios) {
    Submission submission;
    submission.job = job;
    for (const std::string& scenario : scenarios) submission.runs.push_back({scenario, "", 1, ""});
    farm.add(submission);
  }
  State stateAfter(const std::string& job, std::chrono::milliseconds time) {
    farm.advance(begin + time);
    return Farm::stateOf(*farm.find(job));
  }

  const Farm::Clock::time_point begin = Farm::Clock::now();
  Farm farm{2, 10ms};
};

TEST_F(FarmTest, aRunTakesItsTimeOrTheLatency) {
  add("1", {"sleep-1s"});
  add("2", {"fail"});
  EXPECT_EQ(stateAfter("1", 0ms), State::in_progress);
  EXPECT_EQ(stateAfter("2", 9ms), State::in_progress);
  EXPECT_EQ(stateAfter("2", 10ms), State::failed);
  EXPECT_EQ(stateAfter("1", 999ms), State::in_progress);
  EXPECT_EQ(stateAfter("1", 1000ms), State::passed);
}

TEST_F(FarmTest, whatIsOverTheSlotsWaitsAndStartsWhenOneIsFreeHoweverLateOneLooks) {
  farm.advance(begin);
  add("1", {"sleep-1s", "sleep-2s", "sleep-1s_fail"});
  EXPECT_EQ(stateAfter("1", 0ms), State::in_progress);
  EXPECT_EQ(farm.countRuns(State::waiting), 1);
  farm.advance(begin + 10s);
  const Farm::Run& third = farm.find("1")->runs[2];
  EXPECT_EQ(*third.startedAt, begin + 1s);
  EXPECT_EQ(*third.finishedAt, begin + 2s);
  EXPECT_EQ(Farm::stateOf(*farm.find("1")), State::failed);
}

TEST_F(FarmTest, whatHangsEndsByAnAbortOnly) {
  add("1", {"hang"});
  EXPECT_EQ(stateAfter("1", 1000h), State::in_progress);
  farm.abort(*farm.find("1"), begin + 1000h);
  EXPECT_EQ(stateAfter("1", 1001h), State::aborted);
}

TEST_F(FarmTest, theDeafDoNotHearAnAbort) {
  add("1", {"deaf_sleep-1s"});
  farm.advance(begin);
  farm.abort(*farm.find("1"), begin);
  EXPECT_EQ(stateAfter("1", 2s), State::passed);
}

TEST_F(FarmTest, whatForgetsIsGoneWhenItHasEnded) {
  add("1", {"forget_sleep-1s", "pass"});
  EXPECT_EQ(stateAfter("1", 500ms), State::in_progress);
  farm.advance(begin + 1s);
  farm.advance(begin + 2s);
  EXPECT_EQ(farm.find("1"), nullptr);
}

TEST_F(FarmTest, everyChangeHasARevisionOfItsOwn) {
  add("1", {"sleep-1s"});
  const int64_t added = farm.revision();
  farm.advance(begin);
  const int64_t started = farm.revision();
  EXPECT_GT(started, added);
  farm.advance(begin + 500ms);
  EXPECT_EQ(farm.revision(), started);
  farm.advance(begin + 1s);
  EXPECT_GT(farm.revision(), started);
  EXPECT_EQ(farm.find("1")->revision, farm.revision());
}

}  // namespace
}  // namespace testarena::dummy_executor
