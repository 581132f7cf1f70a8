// SPDX-License-Identifier: Apache-2.0
// Queues on disk.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "queue.h"

struct sqlite3;

namespace testarena::runner {

/// A small SQLite database. Every change is one transaction that is on the disk when the call returns, or has not
/// happened: a process or a machine that ends at any moment leaves the state before it or after it.
///
/// All throw `Exhausted` when there is no space, `Unavailable` for everything else that the disk does. Threads: any;
/// one at a time is served.
class QueueStore {
 public:
  /// Opens the database, or makes it. `Conflict` if a later version of the runner has made it.
  explicit QueueStore(const std::filesystem::path& file);
  ~QueueStore();
  QueueStore(const QueueStore&) = delete;
  QueueStore& operator=(const QueueStore&) = delete;

  /// In the order of acceptance.
  std::vector<Queue> queues();
  std::set<std::string> removedIds();

  void add(const Queue& queue);
  void update(const std::string& id, const Progress& progress);
  /// Remembers the id for ever, and with it the queue's last progress if there is such a queue.
  void markRemoved(const std::string& id, const Progress* progress);
  /// Forgets the queue; its id stays remembered.
  void erase(const std::string& id);

 private:
  class Statement;
  class Transaction;

  [[noreturn]] void fail(const std::string& what, int code) const;
  void run(const char* sql);
  int64_t number(const char* sql);

  const std::filesystem::path file_;
  std::mutex mutex_;
  sqlite3* database_ = nullptr;  ///< protected by mutex_
};

}  // namespace testarena::runner
