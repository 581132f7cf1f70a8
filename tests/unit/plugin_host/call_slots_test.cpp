// SPDX-License-Identifier: Apache-2.0
#include "call_slots.h"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace testarena::plugin_host {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

/// Waits for what another thread does, not for time; a minute means that it never comes.
template <class Condition>
void until(Condition&& condition) {
  const auto end = Call::Clock::now() + 60s;
  while (!condition()) {
    ASSERT_LT(Call::Clock::now(), end) << "it never came";
    std::this_thread::sleep_for(1ms);
  }
}

TEST(CallSlots, neverMoreInsideThanTheLimit) {
  CallSlots slots(3, 1s);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const Call call(60s);
        const CallSlots::Slot slot(slots, "x", call);
        const int now = ++inside;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  EXPECT_EQ(slots.running(), 0U);
}

TEST(CallSlots, zeroMeansNoLimit) {
  CallSlots slots(0, 1s);
  const Call call(60s);
  std::vector<std::unique_ptr<CallSlots::Slot>> held;
  for (int i = 0; i < 100; ++i) held.push_back(std::make_unique<CallSlots::Slot>(slots, "x", call));
  EXPECT_EQ(slots.running(), 100U);
}

TEST(CallSlots, thoseInLineComeInTheirOrder) {
  CallSlots slots(1, 60s);
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::thread> threads;
  const Call call(60s);
  auto first = std::make_unique<CallSlots::Slot>(slots, "first", call);
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&, i] {
      const Call mine(60s);
      const CallSlots::Slot slot(slots, "x", mine);
      const std::lock_guard lock(mutex);
      order.push_back(i);
    });
    until([&] { return slots.waiting() == static_cast<std::size_t>(i) + 1; });
  }
  first.reset();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(CallSlots, waitingCountsAgainstTheDeadlineAndReachesNothing) {
  CallSlots slots(1, 60s);
  const Call call(60s);
  const CallSlots::Slot first(slots, "submit", call);
  const Call second(20ms);
  try {
    const CallSlots::Slot slot(slots, "status", second);
    FAIL() << "two inside";
  } catch (const Unavailable& error) {
    EXPECT_NE(std::string(error.what())
                  .find("the plugin is busy: 1 calls are inside, which is its limit, and 'status' waited "),
              std::string::npos)
        << error.what();
  }
  EXPECT_EQ(slots.waiting(), 0U);
}

TEST(CallSlots, aCallThatIsTakenBackLeavesTheLine) {
  CallSlots slots(1, 60s);
  const Call call(60s);
  const CallSlots::Slot first(slots, "submit", call);
  std::atomic<bool> cancelled{false};
  const Call second(60s, {}, [&] { return cancelled.load(); });
  auto waiting = std::async(std::launch::async, [&] { const CallSlots::Slot slot(slots, "x", second); });
  until([&] { return slots.waiting() == 1; });
  cancelled = true;
  EXPECT_THROW(waiting.get(), Cancelled);
  EXPECT_EQ(slots.waiting(), 0U);
}

TEST(CallSlots, overdueCallsAreSeenAndForgottenWhenTheyComeBack) {
  CallSlots slots(2, 10ms);
  const Call late(1ms);
  const Call fine(60s);
  auto lateSlot = std::make_unique<CallSlots::Slot>(slots, "submit", late);
  const CallSlots::Slot fineSlot(slots, "status", fine);
  until([&] { return slots.overdue().has_value(); });
  EXPECT_EQ(slots.overdue()->operation, "submit");
  EXPECT_EQ(slots.overdue()->calls, 1U);
  EXPECT_FALSE(slots.overdue()->stuck) << "one of two slots still serves";
  lateSlot.reset();
  EXPECT_FALSE(slots.overdue());
}

TEST(CallSlots, aStuckInstanceRefusesAtOnceWhoWaitsAndWhoComes) {
  CallSlots slots(1, 10ms);
  const Call late(1ms);
  auto lost = std::make_unique<CallSlots::Slot>(slots, "submit", late);
  const Call patient(600s);
  EXPECT_THROW(CallSlots::Slot(slots, "x", patient), Unavailable);
  until([&] { return slots.overdue() && slots.overdue()->stuck; });
  try {
    const CallSlots::Slot slot(slots, "x", patient);
    FAIL() << "let in";
  } catch (const Unavailable& error) {
    EXPECT_NE(std::string(error.what()).find("the plugin is stuck: its operation 'submit' has not come back for"),
              std::string::npos);
  }
  lost.reset();
  EXPECT_NO_THROW(CallSlots::Slot(slots, "x", patient)) << "it recovers when the call comes back";
}

TEST(CallSlots, withoutALimitSixteenLostCallsAreEnough) {
  CallSlots slots(0, 1ms);
  const Call late(1ms);
  std::vector<std::unique_ptr<CallSlots::Slot>> lost;
  for (int i = 0; i < 16; ++i) lost.push_back(std::make_unique<CallSlots::Slot>(slots, "x", late));
  until([&] { return slots.overdue() && slots.overdue()->calls == 16; });
  const Call call(600s);
  EXPECT_THROW(CallSlots::Slot(slots, "x", call), Unavailable);
  lost.pop_back();
  EXPECT_NO_THROW(CallSlots::Slot(slots, "x", call));
}

}  // namespace
}  // namespace testarena::plugin_host
