// SPDX-License-Identifier: Apache-2.0
#include "queue_table.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <testarena/error.h>

#include "queues.h"
#include "temporary_folder.h"

namespace testarena::runner {
namespace {

using test::accepted;
using testing::ElementsAre;

class QueueTableTest : public testing::Test {
 protected:
  QueueTableTest() { restart(); }

  void restart() {
    table_.reset();
    store_.reset();
    store_ = std::make_unique<QueueStore>(folder_.path() / "queues.db");
    table_ = std::make_unique<QueueTable>(*store_, clock_);
  }

  bool add(const std::string& id, const std::vector<std::string>& scenarios) {
    return table_->add(accepted(id, scenarios));
  }
  void setPhase(const std::string& id, Phase phase) {
    table_->update(id, [&](Queue& queue) {
      queue.progress.phase = phase;
      return QueueTable::Write::disk;
    });
  }
  std::vector<std::string> newestFirst() const {
    std::vector<std::string> ids;
    table_->forEachNewestFirst([&](const Queue& queue) { ids.push_back(queue.id()); });
    return ids;
  }
  std::string_view state(const std::string& id) const { return stateOf(*table_->find(id)); }

  testarena::test::TemporaryFolder folder_;
  SystemClock clock_;
  std::unique_ptr<QueueStore> store_;
  std::unique_ptr<QueueTable> table_;
};

TEST_F(QueueTableTest, thoseThatWaitStandInLineByPriorityThenByTheirTime) {
  for (const char* id : {"1", "2", "3", "4", "5"}) add(id, {"a"});
  Accepted urgent = accepted("6", {"a"});
  urgent.priority = 1;
  table_->add(urgent);
  EXPECT_THAT(table_->nextInLine(10), ElementsAre("6", "1", "2", "3", "4", "5"));
  EXPECT_THAT(table_->nextInLine(2), ElementsAre("6", "1"));
  setPhase("6", Phase::sending);
  table_->abort("1");
  table_->remove("2");
  EXPECT_THAT(table_->nextInLine(10), ElementsAre("3", "4", "5"));
}

TEST_F(QueueTableTest, theSameContentAgainChangesNothing) {
  EXPECT_TRUE(add("1", {"a"}));
  EXPECT_FALSE(add("1", {"a"}));
  EXPECT_TRUE(table_->isKnown("1", accepted("1", {"a"}).content));
  EXPECT_THROW(add("1", {"b"}), Conflict);
  restart();
  EXPECT_FALSE(add("1", {"a"})) << "also after a restart";
  EXPECT_THROW(add("1", {"b"}), Conflict);
}

TEST_F(QueueTableTest, fiftyAtOnceMakeOneQueue) {
  std::atomic<int> fresh{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) threads.emplace_back([&] { fresh += add("1", {"a"}) ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(store_->queues().size(), 1U);
}

TEST_F(QueueTableTest, deletedIdsAreRefusedForEver) {
  add("1", {"a"});
  table_->remove("1");
  EXPECT_FALSE(table_->find("1"));
  EXPECT_FALSE(table_->findTask("1-1"));
  EXPECT_TRUE(table_->isBeingRemoved("1"));
  EXPECT_THROW(add("1", {"a"}), Conflict) << "while something of it is still there";
  table_->remove("1");
  table_->forget("1");
  EXPECT_THROW(add("1", {"a"}), Conflict);
  EXPECT_THROW(table_->remove("1"), NotFound);
  restart();
  EXPECT_THROW(add("1", {"a"}), Conflict);
}

TEST_F(QueueTableTest, anUnknownIdThatWasDeletedIsRefusedFromThenOn) {
  EXPECT_THROW(table_->remove("9"), NotFound);
  EXPECT_THROW(add("9", {"a"}), Conflict);
  restart();
  EXPECT_THROW(add("9", {"a"}), Conflict);
}

TEST_F(QueueTableTest, aRemovalThatWasBegunGoesOnAfterARestart) {
  add("1", {"a"});
  setPhase("1", Phase::accepted);
  table_->remove("1");
  restart();
  EXPECT_FALSE(table_->find("1"));
  std::vector<std::string> open;
  table_->forEachOpen([&](const Queue& queue) { open.push_back(queue.id()); });
  EXPECT_THAT(open, ElementsAre("1"));
}

TEST_F(QueueTableTest, queuesAndTasksShareTheirIds) {
  add("1", {"a", "b"});
  EXPECT_EQ(table_->findTask("1-2")->index, 1U);
  EXPECT_THROW(add("1-2", {"a"}), Conflict);
  Accepted other = accepted("2", {"a"});
  other.tasks = {"1-1"};
  EXPECT_THROW(table_->add(other), Conflict);
  other.tasks = {"1"};
  EXPECT_THROW(table_->add(other), Conflict);
  EXPECT_FALSE(table_->find("2")) << "nothing is kept of what was refused";
  EXPECT_THROW(table_->remove("1-1"), NotFound);
  EXPECT_TRUE(table_->findTask("1-1")) << "a task is not deleted, and its id not refused";
}

TEST_F(QueueTableTest, anAbortBeforeTheExecutorHeardOfItEndsItAtOnce) {
  add("1", {"a", "b"});
  table_->abort("1");
  EXPECT_EQ(state("1"), "Aborted");
  EXPECT_EQ(stateOf(*table_->find("1"), 1).status, "Aborted");
  restart();
  EXPECT_EQ(state("1"), "Aborted");
  table_->abort("1");
  EXPECT_THROW(table_->abort("2"), NotFound);
}

TEST_F(QueueTableTest, anAbortOfWhatRunsIsAWishUntilItsEndWasSeen) {
  add("1", {"a"});
  setPhase("1", Phase::accepted);
  table_->abort("1");
  EXPECT_EQ(state("1"), "Waiting");
  EXPECT_TRUE(table_->find("1")->progress.abort_asked);
  restart();
  EXPECT_TRUE(table_->find("1")->progress.abort_asked);
}

TEST_F(QueueTableTest, theLastTaskThatIsAbortedAbortsTheQueue) {
  add("1", {"a", "b"});
  table_->abortTask({"1", 1});
  EXPECT_EQ(state("1"), "Waiting");
  EXPECT_EQ(stateOf(*table_->find("1"), 1).status, "Aborted");
  EXPECT_EQ(stateOf(*table_->find("1"), 0).status, "Waiting");
  table_->abortTask({"1", 1});
  table_->abortTask({"1", 0});
  EXPECT_EQ(state("1"), "Aborted");
}

TEST_F(QueueTableTest, listsNewestFirstAndPagesById) {
  for (const char* id : {"b", "c", "a"}) add(id, {"x"});
  EXPECT_THAT(newestFirst(), ElementsAre("a", "c", "b"));
  restart();
  EXPECT_THAT(newestFirst(), ElementsAre("a", "c", "b"));
  add("d", {"x"});
  EXPECT_THAT(newestFirst(), ElementsAre("d", "a", "c", "b")) << "the order goes on after a restart";
  std::vector<std::string> after;
  table_->forEachAfter("a", [&](const Queue& queue) {
    after.push_back(queue.id());
    return after.size() < 2;
  });
  EXPECT_THAT(after, ElementsAre("b", "c"));
}

TEST_F(QueueTableTest, changesAreToldAfterACursorAndAllAfterARestart) {
  add("1", {"a"});
  const std::string cursor = table_->changesAfter("").cursor;
  EXPECT_TRUE(table_->changesAfter(cursor).queues.empty());
  add("2", {"a"});
  EXPECT_THAT(table_->changesAfter(cursor).queues, ElementsAre("2"));
  const std::string later = table_->changesAfter(cursor).cursor;
  table_->abort("1");
  EXPECT_THAT(table_->changesAfter(later).queues, ElementsAre("1"));
  restart();
  EXPECT_THAT(table_->changesAfter(later).queues, ElementsAre("1", "2")) << "start over";
}

TEST_F(QueueTableTest, whatTheDiskRefusesHasNotHappened) {
  add("1", {"a"});
  // Another process that holds the database: every write fails after the time that is waited for it.
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((folder_.path() / "queues.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_THROW(add("2", {"a"}), Unavailable);
  EXPECT_THROW(table_->abort("1"), Unavailable);
  EXPECT_FALSE(table_->find("2"));
  EXPECT_EQ(state("1"), "Waiting");
  sqlite3_close(other);
  EXPECT_TRUE(add("2", {"a"}));
  table_->abort("1");
  EXPECT_EQ(state("1"), "Aborted");
}

}  // namespace
}  // namespace testarena::runner
