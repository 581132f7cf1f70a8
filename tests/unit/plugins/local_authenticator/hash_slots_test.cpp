// SPDX-License-Identifier: Apache-2.0
#include "hash_slots.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena {
namespace {

using namespace std::chrono_literals;

const Call kPatient(1min);

TEST(HashSlots, noMoreThanItsNumberAtOnce) {
  HashSlots slots(3, 100);
  std::atomic<int> now = 0, most = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) {
        const HashSlots::Slot slot(slots, kPatient);
        const int count = ++now;
        for (int seen = most; seen < count && !most.compare_exchange_weak(seen, count);) {
        }
        std::this_thread::yield();
        --now;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
}

TEST(HashSlots, whoFindsTheQueueFullIsSentAway) {
  HashSlots slots(1, 1);
  auto busy = std::make_unique<HashSlots::Slot>(slots, kPatient);
  std::atomic<bool> served = false;
  std::atomic<int> looks = 0;
  const Call waiting(1min, "", [&] { return ++looks > 1000000; });
  std::thread second([&] {
    const HashSlots::Slot slot(slots, waiting);
    served = true;
  });
  while (looks == 0) std::this_thread::sleep_for(1ms);  // it is in the queue
  EXPECT_THROW(HashSlots::Slot(slots, kPatient), Unavailable);
  EXPECT_FALSE(served);
  busy.reset();
  second.join();
  EXPECT_TRUE(served);
  HashSlots::Slot again(slots, kPatient);
}

TEST(HashSlots, waitsNoLongerThanItsCall) {
  HashSlots slots(1, 1);
  const HashSlots::Slot busy(slots, kPatient);
  for (int i = 0; i < 3; ++i) {  // each gives its place in the queue back
    EXPECT_THROW(HashSlots::Slot(slots, Call(0ms)), Unavailable);
    EXPECT_THROW(HashSlots::Slot(slots, Call(1min, "", [] { return true; })), Unavailable);
  }
}

}  // namespace
}  // namespace testarena
