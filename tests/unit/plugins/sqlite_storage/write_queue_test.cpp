// SPDX-License-Identifier: Apache-2.0
#include "write_queue.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "reader_pool.h"
#include "temporary_folder.h"

namespace testarena::sqlite {
namespace {

constexpr sql::Query kAdd{"add", "INSERT INTO things (id) VALUES (?1)"};
constexpr sql::Query kAddBlob{"add_blob", "INSERT INTO things (id, filler) VALUES (?1, zeroblob(?2))", sql::Path::hot};
constexpr sql::Query kIds{"ids", "SELECT id FROM things ORDER BY id", sql::Path::hot};

class WriteQueues : public testing::Test {
 protected:
  WriteQueues() {
    auto connection = std::make_unique<SqliteConnection>(path_, Access::writing);
    connection->runText("CREATE TABLE things (id INTEGER PRIMARY KEY, filler BLOB)");
    connection_ = connection.get();
    queue_ = std::make_unique<WriteQueue>(std::move(connection));
    readers_ = std::make_unique<ReaderPool>(path_);
  }

  void add(std::int64_t id) {
    queue_->write(call_, sql::Lists::changed, [&](sql::Connection& connection) { connection.run(kAdd, id); });
  }
  std::vector<std::int64_t> ids() {
    std::vector<std::int64_t> found;
    readers_->read(call_, [&](sql::Connection& connection) { found = connection.all<std::int64_t>(kIds); });
    return found;
  }

  /// Keeps the writer busy until it is let go, so that what comes meanwhile becomes one batch.
  class Plug {
   public:
    explicit Plug(WriteQueues& test) {
      thread_ = std::thread([this, &test] {
        test.queue_->write(test.call_, sql::Lists::unchanged, [this](sql::Connection&) {
          running_ = true;
          while (!released_) std::this_thread::yield();
        });
      });
      while (!running_) std::this_thread::yield();
    }
    ~Plug() {
      release();
      thread_.join();
    }
    void release() { released_ = true; }

   private:
    std::atomic<bool> running_{false};
    std::atomic<bool> released_{false};
    std::thread thread_;
  };

  test::TemporaryFolder folder_;
  const std::string path_ = (folder_.path() / "t.db").string();
  Call call_{std::chrono::minutes(5)};
  SqliteConnection* connection_ = nullptr;
  std::unique_ptr<WriteQueue> queue_;
  std::unique_ptr<ReaderPool> readers_;
};

TEST_F(WriteQueues, whatReturnedIsReadByEverybody) {
  add(1);
  EXPECT_EQ(ids(), (std::vector<std::int64_t>{1}));
}

TEST_F(WriteQueues, aFailureUndoesItselfAndNothingElse) {
  std::atomic<int> failures{0};
  {
    Plug plug(*this);
    std::vector<std::thread> threads;
    for (std::int64_t id = 1; id <= 10; ++id) {
      threads.emplace_back([&, id] {
        try {
          queue_->write(call_, sql::Lists::changed, [&](sql::Connection& connection) {
            connection.run(kAdd, id);
            if (id % 3 == 0) throw Conflict("not this one", "/id");
            if (id % 5 == 0) connection.run(kAdd, id);  // a constraint of the database
          });
        } catch (const Conflict& error) {
          EXPECT_STREQ(error.what(), "not this one");
          EXPECT_EQ(error.pointer(), "/id");
          ++failures;
        } catch (const Internal&) {
          ++failures;
        }
      });
    }
    plug.release();
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(failures, 5);
  EXPECT_EQ(ids(), (std::vector<std::int64_t>{1, 2, 4, 7, 8}));
  EXPECT_EQ(queue_->trouble(), "") << "one who asks for nonsense is no trouble of the database";
}

TEST_F(WriteQueues, whatWaitsBecomesOneTransaction) {
  const std::int64_t before = queue_->dataRevision();
  {
    Plug plug(*this);
    std::atomic<int> waiting{0};
    std::vector<std::thread> threads;
    for (std::int64_t id = 1; id <= 20; ++id) {
      threads.emplace_back([&, id] {
        ++waiting;
        add(id);
      });
    }
    while (waiting < 20) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // only so that they have most likely arrived
    plug.release();
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(ids().size(), 20U);
  EXPECT_LE(queue_->dataRevision() - before, 20);
  EXPECT_GE(queue_->dataRevision() - before, 1);
}

TEST_F(WriteQueues, theDataRevisionMovesBeforeTheWriterIsTold) {
  for (std::int64_t id = 1; id <= 20; ++id) {
    const std::int64_t before = queue_->dataRevision();
    add(id);
    EXPECT_GT(queue_->dataRevision(), before);
  }
  const std::int64_t before = queue_->dataRevision();
  queue_->write(call_, sql::Lists::unchanged,
                [](sql::Connection& connection) { connection.run(kAdd, std::int64_t{99}); });
  EXPECT_EQ(queue_->dataRevision(), before);
}

TEST_F(WriteQueues, whoWaitsCanBeTakenBack) {
  std::atomic<bool> takenBack{false};
  std::thread waiter;
  {
    Plug plug(*this);
    waiter = std::thread([&] {
      Call impatient(std::chrono::minutes(1), "", [&] { return takenBack.load(); });
      EXPECT_THROW(queue_->write(impatient, sql::Lists::changed,
                                 [](sql::Connection& connection) { connection.run(kAdd, std::int64_t{1}); }),
                   Cancelled);
    });
    takenBack = true;
    waiter.join();  // while the writer is still busy
  }
  EXPECT_TRUE(ids().empty());
}

TEST_F(WriteQueues, anotherProgramsLockIsUnavailableAndPasses) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THROW(add(1), Unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(30)) << "it does not wait for ever";
  EXPECT_TRUE(ids().empty()) << "reading goes on";
  EXPECT_NE(queue_->trouble(), "");
  sqlite3_close(other);
  add(2);
  EXPECT_EQ(ids(), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(queue_->trouble(), "");
}

// SQLite ends the whole transaction when there is no space: whoever asked for little must get it all the same.
TEST_F(WriteQueues, whatDoesNotFitTakesNobodyWithIt) {
  queue_->write(call_, sql::Lists::unchanged,
                [](sql::Connection& connection) { connection.runText("PRAGMA max_page_count = 40"); });
  std::atomic<int> exhausted{0};
  {
    Plug plug(*this);
    std::vector<std::thread> threads;
    for (std::int64_t id = 1; id <= 12; ++id) {
      threads.emplace_back([&, id] {
        try {
          queue_->write(call_, sql::Lists::changed, [&](sql::Connection& connection) {
            connection.run(kAddBlob, id, std::int64_t{id % 4 == 0 ? 10'000'000 : 10});
          });
        } catch (const Exhausted&) {
          ++exhausted;
        }
      });
    }
    plug.release();
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(exhausted, 3);
  EXPECT_EQ(ids(), (std::vector<std::int64_t>{1, 2, 3, 5, 6, 7, 9, 10, 11}));
}

TEST_F(WriteQueues, theEndFinishesWhatWaits) {
  std::vector<std::thread> threads;
  {
    Plug plug(*this);
    std::atomic<int> waiting{0};
    for (std::int64_t id = 1; id <= 5; ++id) {
      threads.emplace_back([&, id] {
        ++waiting;
        add(id);
      });
    }
    while (waiting < 5) std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  queue_.reset();
  EXPECT_EQ(ids().size(), 5U);
}

TEST_F(WriteQueues, readersSeeOneMomentThroughout) {
  add(1);
  readers_->read(call_, [&](sql::Connection& connection) {
    const auto before = connection.all<std::int64_t>(kIds);
    add(2);
    EXPECT_EQ(connection.all<std::int64_t>(kIds), before);
  });
  EXPECT_EQ(ids().size(), 2U);
}

TEST_F(WriteQueues, aReadThatFailsGivesItsConnectionBack) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_THROW(readers_->read(call_, [](sql::Connection&) { throw NotFound("no"); }), NotFound);
    EXPECT_THROW(readers_->read(call_, [](sql::Connection& connection) { connection.run(kAdd, std::int64_t{1}); }),
                 Error);
  }
  EXPECT_TRUE(ids().empty());
}

}  // namespace
}  // namespace testarena::sqlite
