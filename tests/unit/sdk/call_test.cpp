// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>

#include <gtest/gtest.h>

#include <testarena/call.h>

namespace testarena {
namespace {

using namespace std::chrono_literals;

TEST(Call, hasTimeLeftBeforeItsDeadline) {
  const Call call(1h);
  EXPECT_FALSE(call.cancelled());
  EXPECT_GT(call.remaining(), 59min);
  EXPECT_LE(call.remaining(), 1h);
  EXPECT_NO_THROW(call.check());
}

TEST(Call, isCancelledOnceItsTimeIsOver) {
  const Call call(Call::Clock::now() - 1ms);
  EXPECT_TRUE(call.cancelled());
  EXPECT_EQ(call.remaining(), 0ms);
  EXPECT_THROW(call.check(), DeadlineExceeded);
}

TEST(Call, canBeTakenBack) {
  std::atomic<bool> gone = false;
  const Call call(1h, "trace", [&] { return gone.load(); });
  EXPECT_FALSE(call.cancelled());
  gone = true;
  EXPECT_TRUE(call.cancelled());
  EXPECT_THROW(call.check(), Cancelled);
  EXPECT_EQ(call.traceId(), "trace");
}

TEST(Call, withoutLimitNeverEnds) {
  const Call call(std::chrono::milliseconds::max());
  EXPECT_EQ(call.deadline(), Call::Clock::time_point::max());
  EXPECT_EQ(call.remaining(), std::chrono::milliseconds::max());
  EXPECT_FALSE(call.cancelled());
}

TEST(Call, partOfAMillisecondIsTimeLeft) {  // a wait of 0 ms would spin
  const Call call(Call::Clock::now() + 1h + 1ns);
  EXPECT_GT(call.remaining(), 0ms);
}

}  // namespace
}  // namespace testarena
