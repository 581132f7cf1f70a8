// SPDX-License-Identifier: Apache-2.0
#include "shared_scans.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena {
namespace {

using namespace std::chrono_literals;

Scan named(const std::string& name) {
  Scan scan;
  scan.scenarios.emplace_back().name = name;
  return scan;
}

TEST(SharedScans, manyWhoAskForOneCommitAtOnceAreServedByOneScan) {
  SharedScans scans;
  std::atomic<int> done{0}, waiting{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) {
    threads.emplace_back([&] {
      ++waiting;
      const Scan scan = scans.get("a", Call(60s), [&] {
        while (waiting < 50) std::this_thread::sleep_for(1ms);
        ++done;
        return named("x");
      });
      EXPECT_EQ(scan, named("x"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(scans.get("a", Call(60s), [] { return named("other"); }), named("x")) << "what a commit has never changes";
  EXPECT_EQ(scans.get("b", Call(60s), [] { return named("y"); }), named("y"));
}

TEST(SharedScans, aFailureGoesToAllWhoWaitAndIsNotKept) {
  SharedScans scans;
  std::atomic<int> failed{0}, begun{0}, asked{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      ++asked;
      try {
        scans.get("a", Call(60s), [&]() -> Scan {
          ++begun;
          while (asked < 4) std::this_thread::sleep_for(1ms);
          std::this_thread::sleep_for(
              200ms);  // so that the others wait; a later one would only begin a scan of its own
          throw Unavailable("out of reach");
        });
      } catch (const Unavailable&) {
        ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 4);
  EXPECT_LT(begun, 5);
  EXPECT_EQ(scans.get("a", Call(60s), [] { return named("x"); }), named("x"));
}

TEST(SharedScans, whoeverIsStillWantedGoesOnWhereAnotherWasTakenBack) {
  SharedScans scans;
  std::atomic<bool> begun{false}, cancelled{false};
  std::thread first([&] {
    EXPECT_THROW(scans.get("a", Call(60s),
                           [&]() -> Scan {
                             begun = true;
                             while (!cancelled) std::this_thread::sleep_for(1ms);
                             throw Cancelled("taken back");
                           }),
                 Cancelled);
  });
  while (!begun) std::this_thread::sleep_for(1ms);
  std::thread second([&] { EXPECT_EQ(scans.get("a", Call(60s), [] { return named("x"); }), named("x")); });
  cancelled = true;
  first.join();
  second.join();
}

TEST(SharedScans, whoWaitsHasADeadlineOfHisOwn) {
  SharedScans scans;
  std::atomic<bool> begun{false}, enough{false};
  std::thread slow([&] {
    scans.get("a", Call(60s), [&] {
      begun = true;
      while (!enough) std::this_thread::sleep_for(1ms);
      return named("x");
    });
  });
  while (!begun) std::this_thread::sleep_for(1ms);
  EXPECT_THROW(scans.get("a", Call(50ms), [] { return named("y"); }), DeadlineExceeded);
  enough = true;
  slow.join();
}

}  // namespace
}  // namespace testarena
