// SPDX-License-Identifier: Apache-2.0
#include "shared_answers.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::server {
namespace {

class SharedAnswersTest : public ::testing::Test {
 protected:
  SystemClock clock_;
  SharedAnswers<int> answers_{clock_, std::chrono::hours(1), 3};
};

TEST_F(SharedAnswersTest, isComputedOnceForAllWhoAskAtTheSameTime) {
  std::atomic<int> computed{0};
  std::atomic<int> asking{0};
  std::vector<std::thread> threads;
  std::atomic<int> sum{0};
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      ++asking;
      sum += *answers_.get("key", [&] {
        while (asking < 16) std::this_thread::yield();
        return ++computed;
      });
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(computed, 1);
  EXPECT_EQ(sum, 16);
}

TEST_F(SharedAnswersTest, aFailureIsNotKept) {
  EXPECT_THROW(answers_.get("key", []() -> int { throw Unavailable("away"); }), Unavailable);
  EXPECT_EQ(*answers_.get("key", [] { return 5; }), 5);
  EXPECT_EQ(*answers_.get("key", []() -> int { throw Unavailable("not asked"); }), 5);
}

TEST_F(SharedAnswersTest, outdatedAnswersAreComputedAgain) {
  SharedAnswers<int> shortLived(clock_, std::chrono::milliseconds(0), 3);
  EXPECT_EQ(*shortLived.get("key", [] { return 1; }), 1);
  EXPECT_EQ(*shortLived.get("key", [] { return 2; }), 2);
}

TEST_F(SharedAnswersTest, keepsNoMoreThanItMay) {
  int computed = 0;
  for (int round = 0; round < 2; ++round) {
    for (int key = 0; key < 10; ++key) answers_.get(std::to_string(key), [&] { return ++computed; });
  }
  EXPECT_GT(computed, 10) << "older answers had to go";
}

}  // namespace
}  // namespace testarena::server
