// SPDX-License-Identifier: Apache-2.0
#include "breaker.h"

#include <set>

#include <gtest/gtest.h>

namespace testarena::server {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kFirst{500};
constexpr milliseconds kMost{30'000};

class BreakerTest : public ::testing::Test {
 protected:
  milliseconds fail() { return breaker_.failed(now_, random_); }
  void open() {
    for (int i = 0; i < 3; ++i) now_ += fail();
  }

  Clock::Steady now_{std::chrono::hours(1)};
  SeededRandom random_{17};
  Breaker breaker_{3, kFirst, kMost};
};

TEST_F(BreakerTest, isClosedAndAsksFreelyAtFirst) {
  EXPECT_EQ(breaker_.state(now_), BreakerState::closed);
  EXPECT_TRUE(breaker_.allowsJobs());
  EXPECT_TRUE(breaker_.allowsQuestion(now_));
}

TEST_F(BreakerTest, opensAtTheThirdFailureInARow) {
  now_ += fail();
  EXPECT_EQ(breaker_.state(now_), BreakerState::suspected);
  now_ += fail();
  EXPECT_FALSE(breaker_.isOpen());
  fail();
  EXPECT_EQ(breaker_.state(now_), BreakerState::open);
}

TEST_F(BreakerTest, anAnswerInBetweenStartsTheCountAgain) {
  fail();
  fail();
  breaker_.succeeded();
  EXPECT_EQ(breaker_.state(now_), BreakerState::closed);
  fail();
  fail();
  EXPECT_FALSE(breaker_.isOpen());
}

TEST_F(BreakerTest, whileSuspectedOnlyTheNextQuestionGoesOutAndNotBeforeItsTime) {
  const auto pause = fail();
  EXPECT_FALSE(breaker_.allowsJobs());
  EXPECT_FALSE(breaker_.allowsQuestion(now_ + pause - milliseconds(1)));
  EXPECT_TRUE(breaker_.allowsQuestion(now_ + pause));
  EXPECT_EQ(breaker_.due(), now_ + pause);
}

TEST_F(BreakerTest, isHalfOpenWhenAProbeIsDueAndOneMoreFailureOpensItForLonger) {
  open();
  EXPECT_EQ(breaker_.state(now_), BreakerState::half_open);
  EXPECT_FALSE(breaker_.allowsJobs());
  const auto pause = fail();
  EXPECT_EQ(breaker_.state(now_), BreakerState::open);
  EXPECT_GE(pause, milliseconds(2'000)) << "half of 4 s, the fourth in the row";
  EXPECT_EQ(breaker_.state(now_ + pause), BreakerState::half_open);
}

TEST_F(BreakerTest, oneAnswerClosesIt) {
  open();
  breaker_.succeeded();
  EXPECT_EQ(breaker_.state(now_), BreakerState::closed);
  EXPECT_TRUE(breaker_.allowsJobs());
  EXPECT_LE(fail(), kFirst) << "pauses begin anew";
}

TEST_F(BreakerTest, pausesDoubleUpToTheMostAndLieBetweenHalfAndAllOfThat) {
  std::set<milliseconds> last;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SeededRandom random(seed);
    Breaker breaker(3, kFirst, kMost);
    auto whole = kFirst;
    for (int i = 0; i < 12; ++i) {
      const auto pause = breaker.failed(now_, random);
      EXPECT_GE(pause, whole / 2) << "seed " << seed << ", failure " << i;
      EXPECT_LE(pause, whole) << "seed " << seed << ", failure " << i;
      whole = std::min(whole * 2, kMost);
      if (i == 11) last.insert(pause);
    }
  }
  EXPECT_GT(last.size(), 150U) << "environments that went down together are not probed together";
}

}  // namespace
}  // namespace testarena::server
