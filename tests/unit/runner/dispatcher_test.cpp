// SPDX-License-Identifier: Apache-2.0
// Queues are moved on over a real executor plugin, the one whose scenarios say by their names what happens.
#include "dispatcher.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "plugin_host.h"
#include "queues.h"
#include "settings.h"
#include "temporary_folder.h"

namespace testarena::runner {
namespace {

using namespace std::chrono_literals;
using test::accepted;
using testing::ElementsAre;

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() { open(); }
  ~DispatcherTest() override { close(); }

  /// The executor, as its configuration says.
  void use(const std::string& toml) {
    plugin_host::PluginUse use;
    use.name = "executor";
    use.path = "executor";
    use.table = parseToml("plugin = \"dummy_executor\"\n" + toml, "test.toml");
    executor_ = plugins_.make<Executor>(use);
  }

  void start(int64_t slots = 4) {
    if (!executor_) use("slots = " + std::to_string(slots));
    dispatcher_ = std::make_unique<Dispatcher>(*table_, *executor_, clock_, slots);
    table_->onChange([this] { dispatcher_->wake(); });
    dispatcher_->start();
  }

  /// As kill -9 of the runner, with the executor going on: nothing but the disk is left.
  void restart(int64_t slots = 4) {
    close();
    open();
    start(slots);
  }

  void open() {
    store_ = std::make_unique<QueueStore>(folder_.path() / "queues.db");
    table_ = std::make_unique<QueueTable>(*store_, clock_);
  }
  void close() {
    if (dispatcher_) dispatcher_->stop();
    if (table_) table_->onChange([] {});
    dispatcher_.reset();
    table_.reset();
    store_.reset();
  }

  void add(const std::string& id, const std::vector<std::string>& scenarios, int64_t priority = 0) {
    Accepted queue = accepted(id, scenarios);
    queue.priority = priority;
    table_->add(std::move(queue));
  }

  void waitUntil(const std::string& what, const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("waited in vain until " + what);
      std::this_thread::sleep_for(5ms);
    }
  }
  std::string state(const std::string& id) {
    const auto queue = table_->find(id);
    return queue ? std::string(stateOf(*queue)) : "gone";
  }
  void waitFor(const std::string& id, const std::string& wanted) {
    waitUntil(id + " is " + wanted, [&] { return state(id) == wanted; });
  }
  TaskState task(const std::string& id, std::size_t index) { return stateOf(*table_->find(id), index); }
  std::string reason(const std::string& id) { return table_->find(id)->progress.status.reason; }

  testarena::test::TemporaryFolder folder_;
  SystemClock clock_;
  plugin_host::PluginHost plugins_{{TESTARENA_PLUGINS}, clock_};
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<QueueStore> store_;
  std::unique_ptr<QueueTable> table_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, runsQueuesToTheirVerdicts) {
  start();
  add("1", {"pass", "fail", "skip", "error"});
  waitFor("1", "Finished");
  EXPECT_EQ(task("1", 0).result, "PASS");
  EXPECT_EQ(task("1", 1).result, "FAIL");
  EXPECT_EQ(task("1", 2).result, "PASS");
  EXPECT_EQ(task("1", 3).result, "");
  EXPECT_FALSE(task("1", 3).reason.empty());
}

TEST_F(DispatcherTest, anExecutorThatTellsOfNothingIsAsked) {
  use("push = false");
  start();
  add("1", {"sleep-300ms"});
  waitFor("1", "Running");
  waitFor("1", "Finished");
}

TEST_F(DispatcherTest, higherPrioritiesOvertakeWhatWaits) {
  start(1);
  add("first", {"hang"});
  waitFor("first", "Running");
  add("low", {"sleep-50ms"}, -1);
  add("normal", {"sleep-50ms"});
  add("normal-too", {"sleep-50ms"});
  add("high", {"sleep-50ms"}, 5);
  EXPECT_EQ(state("high"), "Waiting");
  table_->abort("first");
  waitFor("low", "Finished");
  std::vector<std::string> ids{"low", "normal", "normal-too", "high"};
  std::sort(ids.begin(), ids.end(), [&](const std::string& a, const std::string& b) {
    return *table_->find(a)->progress.status.runs.at(0).started_at <
           *table_->find(b)->progress.status.runs.at(0).started_at;
  });
  EXPECT_THAT(ids, ElementsAre("high", "normal", "normal-too", "low"));
}

TEST_F(DispatcherTest, noMoreTasksAreUnderWayThanThereAreSlots) {
  start(2);
  for (int i = 0; i < 8; ++i) add(std::to_string(i), {"sleep-100ms"});
  int64_t most = 0;
  waitUntil("all have finished", [&] {
    int64_t running = 0;
    bool all = true;
    for (int i = 0; i < 8; ++i) {
      running += state(std::to_string(i)) == "Running" ? 1 : 0;
      all = all && state(std::to_string(i)) == "Finished";
    }
    most = std::max(most, running);
    return all;
  });
  EXPECT_LE(most, 2);
  EXPECT_GE(most, 1);
}

TEST_F(DispatcherTest, aQueueLargerThanAllSlotsStillRuns) {
  start(1);
  add("1", {"pass", "pass b", "pass c"});
  waitFor("1", "Finished");
}

TEST_F(DispatcherTest, aLostAnswerIsSentAgainAndRunsOnce) {
  start();
  add("1", {"lose-answer"});
  waitFor("1", "Finished");
  EXPECT_EQ(task("1", 0).result, "PASS");
}

TEST_F(DispatcherTest, aRefusalEndsTheQueueWithItsReason) {
  start();
  add("1", {"refuse"});
  waitFor("1", "Finished");
  EXPECT_EQ(task("1", 0).result, "");
  EXPECT_THAT(task("1", 0).reason, testing::HasSubstr("the executor refused it"));
}

TEST_F(DispatcherTest, aRefusalOfTheSecondTryProvesNothingAboutTheFirst) {
  start();
  add("1", {"deny-again"});
  waitFor("1", "Finished");
  EXPECT_EQ(task("1", 0).result, "PASS") << task("1", 0).reason;
}

TEST_F(DispatcherTest, anExecutorThatCannotBeAskedLeavesItToAPerson) {
  use("idempotency = \"c0\"");
  start();
  add("1", {"lose-answer"});
  waitFor("1", "Finished");
  EXPECT_THAT(task("1", 0).reason, testing::HasSubstr("not known whether"));
}

TEST_F(DispatcherTest, anExecutorThatCanBeAskedIs) {
  use("idempotency = \"c2\"\nin_flight = \"300ms\"");
  start();
  add("1", {"lose-answer"});
  waitFor("1", "Finished");
  EXPECT_EQ(task("1", 0).result, "PASS");
}

TEST_F(DispatcherTest, anExecutorThatCannotBeReachedIsTriedAgain) {
  start(1);
  add("1", {"lose-request"});
  waitUntil("it is on its way", [&] { return table_->find("1")->progress.phase == Phase::sending; });
  add("2", {"pass"});
  waitFor("2", "Finished");
  EXPECT_EQ(state("1"), "Waiting") << "and nobody waits for it";
  EXPECT_THAT(statusOf(*table_->find("1")).reason, testing::HasSubstr("has lost the request"));
  table_->abort("1");
  waitFor("1", "Aborted");
}

TEST_F(DispatcherTest, anEndThatWasToldIsNotTakenBack) {
  start();
  add("1", {"lie-terminal_sleep-400ms"});
  waitFor("1", "Finished");
  const std::string_view first = task("1", 0).result;
  add("2", {"sleep-400ms"});
  waitFor("2", "Finished");
  EXPECT_EQ(state("1"), "Finished");
  EXPECT_EQ(task("1", 0).result, first);
}

TEST_F(DispatcherTest, garbageSpoilsNoOtherQueue) {
  start();
  add("1", {"garbage_sleep-10m"});
  add("2", {"sleep-50ms"});
  waitFor("2", "Finished");
  EXPECT_EQ(task("2", 0).result, "PASS");
}

TEST_F(DispatcherTest, abortsReachTheExecutor) {
  start();
  add("1", {"hang", "hang b"});
  waitFor("1", "Running");
  table_->abort("1");
  waitFor("1", "Aborted");
  EXPECT_EQ(task("1", 1).status, "Aborted");
}

TEST_F(DispatcherTest, aTaskAbortedBeforeItsTurnIsLeftOut) {
  start(1);
  add("1", {"hang"});
  waitFor("1", "Running");
  add("2", {"pass", "hang"});
  table_->abortTask({"2", 1});
  table_->abort("1");
  waitFor("2", "Finished");
  EXPECT_EQ(task("2", 0).result, "PASS");
  EXPECT_EQ(task("2", 1).status, "Aborted");
}

TEST_F(DispatcherTest, aRemovedQueueIsGoneFromTheExecutorToo) {
  start();
  add("1", {"hang"});
  waitFor("1", "Running");
  table_->remove("1");
  waitUntil("it is gone", [&] { return !table_->isBeingRemoved("1"); });
  Call call(10s);
  EXPECT_EQ(executor_->status({{{"1", ""}}}, call).jobs.at(0).state, State::unknown);
  EXPECT_TRUE(store_->queues().empty());
}

TEST_F(DispatcherTest, whatTheExecutorForgetsIsErroredWithAReason) {
  start();
  add("1", {"sleep-300ms"});
  waitFor("1", "Running");
  Call call(10s);
  executor_->remove({"1", table_->find("1")->progress.handle}, call);
  add("2", {"pass"});  // so that it looks
  waitFor("1", "Finished");
  EXPECT_THAT(task("1", 0).reason, testing::HasSubstr("does not know"));
}

TEST_F(DispatcherTest, aRestartGoesOnWithEverything) {
  start(1);
  add("runs", {"sleep-1s"});
  add("waits", {"pass"});
  add("is-aborted", {"pass"});
  add("is-removed", {"pass"});
  waitFor("runs", "Running");
  close();
  open();
  table_->abort("is-aborted");
  table_->remove("is-removed");
  start(1);
  waitFor("waits", "Finished");
  EXPECT_EQ(state("runs"), "Finished");
  EXPECT_EQ(task("runs", 0).result, "PASS");
  EXPECT_EQ(state("is-aborted"), "Aborted");
  waitUntil("it is gone", [&] { return !table_->isBeingRemoved("is-removed"); });
}

TEST_F(DispatcherTest, aLifeThatEndedWhileItSentIsPickedUp) {
  start();
  close();
  open();
  add("1", {"pass"});
  table_->update("1", [&](Queue& queue) {  // as it is on the disk when the runner is killed before the answer
    queue.progress.phase = Phase::sending;
    queue.progress.sending_since = clock_.now();
    return QueueTable::Write::disk;
  });
  restart();
  waitFor("1", "Finished");
  EXPECT_EQ(task("1", 0).result, "PASS");
}

TEST_F(DispatcherTest, aDiskThatRefusesForAWhileIsTriedAgainSoon) {
  add("1", {"pass"});
  sqlite3* other = nullptr;  // as a backup program would: nothing can be written
  ASSERT_EQ(sqlite3_open((folder_.path() / "queues.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  start();
  waitUntil("it is said why", [&] { return !reason("1").empty(); });
  sqlite3_close(other);
  const auto begin = std::chrono::steady_clock::now();
  waitFor("1", "Finished");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
}

TEST_F(DispatcherTest, stopsSoonWhateverTheExecutorDoes) {
  start();
  add("1", {"hang-status"});
  waitUntil("it was sent", [&] { return table_->find("1")->progress.phase == Phase::accepted; });
  const auto begin = std::chrono::steady_clock::now();
  dispatcher_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

}  // namespace
}  // namespace testarena::runner
