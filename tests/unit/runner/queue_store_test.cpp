// SPDX-License-Identifier: Apache-2.0
#include "queue_store.h"

#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <testarena/error.h>

#include "child.h"
#include "queues.h"
#include "temporary_folder.h"

namespace testarena::runner {
namespace {

class QueueStoreTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "queues.db"; }

  static Queue queue(const std::string& id, int64_t sequence) {
    Queue made{test::accepted(id, {"a", "b"}), {}};
    made.accepted.sequence = sequence;
    made.accepted.created_at = Time(std::chrono::microseconds(1'700'000'000'000'000 + sequence));
    made.accepted.labels = {"can"};
    made.accepted.priority = -3;
    return made;
  }

  testarena::test::TemporaryFolder folder_;
};

TEST_F(QueueStoreTest, keepsAllOfAQueueAndTheOrderOfAcceptance) {
  const Queue first = queue("z", 1);
  Queue second = queue("a", 2);
  {
    QueueStore store(file());
    store.add(first);
    store.add(second);
    second.progress.phase = Phase::accepted;
    second.progress.handle = "h";
    second.progress.aborted_tasks = {1};
    second.progress.sending_since = Time(std::chrono::microseconds(5));
    second.progress.status.state = State::in_progress;
    second.progress.status.runs = {test::run("a", State::failed, "too slow")};
    store.update("a", second.progress);
  }
  QueueStore store(file());
  const auto queues = store.queues();
  ASSERT_EQ(queues.size(), 2U);
  EXPECT_TRUE(queues[0].accepted == first.accepted);
  EXPECT_TRUE(queues[1].accepted == second.accepted);
  EXPECT_TRUE(queues[1].progress == second.progress);
}

TEST_F(QueueStoreTest, rememberedIdsOutliveTheirQueues) {
  {
    QueueStore store(file());
    store.add(queue("1", 1));
    Progress progress;
    progress.removal_asked = true;
    store.markRemoved("1", &progress);
    EXPECT_TRUE(store.queues().at(0).progress.removal_asked);
    store.erase("1");
    store.markRemoved("never known", nullptr);
    store.markRemoved("never known", nullptr);
  }
  QueueStore store(file());
  EXPECT_TRUE(store.queues().empty());
  EXPECT_THAT(store.removedIds(), testing::ElementsAre("1", "never known"));
}

TEST_F(QueueStoreTest, aLaterVersionsDatabaseIsLeftAlone) {
  { QueueStore store(file()); }
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file().c_str(), &database), SQLITE_OK);
  sqlite3_exec(database, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  EXPECT_THROW(QueueStore store(file()), Conflict);
}

TEST_F(QueueStoreTest, whatIsNoDatabaseIsSaidToBeNone) {
  folder_.write("queues.db", std::string(8192, 'x'));
  try {
    QueueStore store(file());
    FAIL() << "it was opened";
  } catch (const Unavailable& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("queues.db"));
  }
}

/// Killed at a random moment, again and again: what was acknowledged is there, what was not is there as a whole or not
/// at all, and nothing that was erased comes back.
TEST_F(QueueStoreTest, whatWasAcknowledgedOutlivesAnyKill) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  std::map<std::string, std::string> last;  // by id: what was acknowledged last
  for (int round = 0; round < 20; ++round) {
    {
      testarena::test::StorageChild child("write", folder_.path().string());
      const int enough = std::uniform_int_distribution<>(1, 60)(random);
      const auto note = [&](const std::string& line) {
        last[line.substr(line.find(' ') + 1)] = line.substr(0, line.find(' '));
      };
      for (int i = 0; i < enough; ++i) {
        const std::string line = child.line();
        ASSERT_FALSE(line.empty()) << "the child ended by itself";
        note(line);
      }
      child.kill();
      for (std::string line = child.line(); !line.empty(); line = child.line()) note(line);
    }
    QueueStore store(file());
    std::map<std::string, Queue> there;
    for (const Queue& queue : store.queues()) there.emplace(queue.id(), queue);
    const auto removed = store.removedIds();
    int unheard = 0;  // done, but killed before it could be said
    for (const auto& [id, queue] : there) {
      EXPECT_EQ(queue.accepted.submission.runs.size(), 3U) << id;
      unheard += last.count(id) == 0 ? 1 : 0;
      if (queue.progress.phase == Phase::accepted) {
        EXPECT_EQ(queue.progress.handle, "handle of " + id);
      }
    }
    EXPECT_LE(unheard, 1);
    for (const auto& [id, said] : last) {
      if (said == "erased") {
        EXPECT_EQ(there.count(id), 0U) << id;
      }
      if (said == "erased" || said == "marked") {
        EXPECT_EQ(removed.count(id), 1U) << id;
      }
      if (said == "added" || said == "updated") {
        EXPECT_EQ(there.count(id), 1U) << id;
      }
      if (said == "updated" && there.count(id) > 0) {
        EXPECT_EQ(there.at(id).progress.phase, Phase::accepted) << id;
      }
    }
    for (const auto& [id, queue] : there)
      last.emplace(id, queue.progress.phase == Phase::accepted ? "updated" : "added");
  }
}

}  // namespace
}  // namespace testarena::runner
