// SPDX-License-Identifier: Apache-2.0
// Many threads at once: what is atomic for one must be so for all.
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "storage_contract.h"

namespace testarena::contract {
namespace {

constexpr int kThreads = 16;

/// Runs `work(thread)` in all threads, which begin together.
void together(const std::function<void(int)>& work) {
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      ++ready;
      while (ready < kThreads) std::this_thread::yield();
      work(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_P(StorageContract, oneKeyFromManyThreadsIsOneJob) {
  for (int round = 0; round < 10; ++round) {
    NewJob wished = wish();
    wished.idempotency_key = "round " + std::to_string(round);
    wished.request_digest = "d";
    std::atomic<int> created{0};
    std::mutex mutex;
    std::set<std::int64_t> ids;
    together([&](int) {
      const CreatedJob answer = storage().create_job(wished, call());
      if (answer.creation == Creation::created) ++created;
      const std::lock_guard<std::mutex> lock(mutex);
      ids.insert(answer.job.row.id);
    });
    EXPECT_EQ(created, 1);
    EXPECT_EQ(ids.size(), 1U);
  }
  EXPECT_EQ(listed({}).size(), 10U);
}

TEST_P(StorageContract, submissionsFromManyThreadsHaveDifferentIds) {
  constexpr int kEach = 20;
  const NewJob wished = wish();
  std::mutex mutex;
  std::vector<std::int64_t> ids;
  together([&](int) {
    std::int64_t last = 0;
    for (int i = 0; i < kEach; ++i) {
      const std::int64_t id = storage().create_job(wished, call()).job.row.id;
      EXPECT_GT(id, last) << "for one who submits one after the other they grow";
      last = id;
      const std::lock_guard<std::mutex> lock(mutex);
      ids.push_back(id);
    }
  });
  EXPECT_EQ(std::set<std::int64_t>(ids.begin(), ids.end()).size(), std::size_t{kThreads * kEach});
  EXPECT_EQ(auditCount(), std::size_t{kThreads * kEach});
}

TEST_P(StorageContract, whatOneThreadWroteEveryThreadReads) {
  std::atomic<std::int64_t> newest{0};
  const NewJob wished = wish();
  together([&](int thread) {
    for (int i = 0; i < 20; ++i) {
      if (thread % 2 == 0) {
        const std::int64_t id = storage().create_job(wished, call()).job.row.id;
        std::int64_t seen = newest;
        while (seen < id && !newest.compare_exchange_weak(seen, id)) {
        }
      } else if (const std::int64_t id = newest; id != 0) {
        EXPECT_TRUE(isThere(id)) << id;
        EXPECT_GE(listed({}).at(0), id);
      }
    }
  });
}

TEST_P(StorageContract, ofManyChangesFromOneRevisionExactlyOneIsTaken) {
  Job was = submit(wish());
  for (int round = 0; round < 10; ++round) {
    std::atomic<int> taken{0};
    std::atomic<int> conflicts{0};
    together([&](int) {
      try {
        storage().update_job(changeOf(was), call());
        ++taken;
      } catch (const Conflict&) {
        ++conflicts;
      }
    });
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(conflicts, kThreads - 1);
    was = job(was.row.id);
  }
}

TEST_P(StorageContract, countedChangesAreNeverLost) {
  constexpr int kEach = 10;
  const std::int64_t id = submitFor("anna");
  together([&](int) {
    for (int done = 0; done < kEach;) {
      JobUpdate update = changeOf(job(id));
      ++update.progress.send_attempts;
      try {
        storage().update_job(update, call());
        ++done;
      } catch (const Conflict&) {
        continue;
      }
    }
  });
  EXPECT_EQ(job(id).progress.send_attempts, kThreads * kEach);
}

// A submission that fails stands beside others that do not: it takes nobody with it.
TEST_P(StorageContract, aFailureIsNobodyElses) {
  const NewJob good = wish();
  NewJob bad = good;
  bad.runs.push_back(bad.runs[0]);
  std::atomic<int> failures{0};
  together([&](int thread) {
    for (int i = 0; i < 10; ++i) {
      try {
        storage().create_job(thread % 2 == 0 ? good : bad, call());
      } catch (const Invalid&) {
        ++failures;
      }
    }
  });
  EXPECT_EQ(failures, kThreads / 2 * 10);
  EXPECT_EQ(listedPageByPage({}).size(), static_cast<std::size_t>(kThreads / 2 * 10));
}

TEST_P(StorageContract, aUserIsCreatedByOneOfMany) {
  std::atomic<int> created{0};
  together([&](int) {
    try {
      createUser("anna");
      ++created;
    } catch (const Conflict&) {
    }
  });
  EXPECT_EQ(created, 1);
  EXPECT_EQ(auditCount(), 1U);
}

// Log-ins and the disabling in any order: afterwards there is no session.
TEST_P(StorageContract, noSessionSurvivesTheDisablingOfItsUser) {
  for (int round = 0; round < 5; ++round) {
    const std::string name = "user" + std::to_string(round);
    createUser(name);
    together([&](int thread) {
      if (thread == 0) {
        disable(name);
        return;
      }
      try {
        logIn(name + " " + std::to_string(thread), name);
      } catch (const WrongState&) {
      }
    });
    storage().update_user({person(name), audit("user.enable")}, call());
    for (int thread = 1; thread < kThreads; ++thread) EXPECT_FALSE(isLoggedIn(name + " " + std::to_string(thread)));
  }
}

}  // namespace testarena::contract
