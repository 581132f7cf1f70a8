// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "executor_contract.h"

namespace testarena::contract {
namespace {

using namespace std::chrono_literals;

#define TA_NEEDS_CHANGES() \
  if (!capabilities().wait_changes) GTEST_SKIP() << "this executor does not tell of changes"

bool names(const Changes& changes, const std::string& job) {
  return std::find(changes.jobs.begin(), changes.jobs.end(), job) != changes.jobs.end();
}

TEST_P(ExecutorContract, withoutChangesTheWaitEndsWithItsTimeAndNoJob) {
  TA_NEEDS_CHANGES();
  Call call(30s);
  const auto begin = std::chrono::steady_clock::now();
  const Changes none = executor().wait_changes({"", 50ms}, call);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 50ms);
  EXPECT_TRUE(none.jobs.empty());
  EXPECT_FALSE(none.cursor.empty());
}

TEST_P(ExecutorContract, aChangeAfterTheCursorIsToldHoweverLateOneAsks) {
  TA_NEEDS_CHANGES();
  TA_NEEDS(passes);
  Call call(60s);
  const std::string before = executor().wait_changes({"", 0ms}, call).cursor;
  submit("1", {scenarios().passes});
  waitForEnd("1");
  EXPECT_TRUE(names(executor().wait_changes({before, 30s}, call), "1"));
}

TEST_P(ExecutorContract, theEndOfARunWakesWhoeverWaits) {
  TA_NEEDS_CHANGES();
  TA_NEEDS(sleeps);
  submit("1", {scenarios().sleeps});
  waitUntilRunning("1");
  Call call(120s);
  std::string cursor = executor().wait_changes({"", 0ms}, call).cursor;
  std::future<bool> told = std::async(std::launch::async, [&] {
    Call waiting(120s);
    for (int i = 0; i < 100; ++i) {
      const Changes changes = executor().wait_changes({cursor, 60s}, waiting);
      cursor = changes.cursor;
      if (names(changes, "1") && hasEnded(status("1").state)) return true;
    }
    return false;
  });
  abort("1");
  EXPECT_TRUE(told.get());
}

TEST_P(ExecutorContract, theWaitObeysCancellation) {
  TA_NEEDS_CHANGES();
  std::atomic<bool> cancelled{false};
  std::future<void> waiting = std::async(std::launch::async, [&] {
    Call call(1h, "", [&] { return cancelled.load(); });
    try {
      executor().wait_changes({"", 50min}, call);
    } catch (const Cancelled&) {  // as good as an answer
    }
  });
  cancelled = true;
  EXPECT_EQ(waiting.wait_for(30s), std::future_status::ready);
}

TEST_P(ExecutorContract, aCursorThatIsNoneIsNoError) {
  TA_NEEDS_CHANGES();
  Call call(30s);
  for (const std::string cursor : {"x", "-1", "99999999999999999999", "../x", "0"}) {
    EXPECT_EQ(codeOf([&] { executor().wait_changes({cursor, 10ms}, call); }), Code::ok) << cursor;
  }
}

}  // namespace
}  // namespace testarena::contract
