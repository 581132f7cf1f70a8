// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <testarena/call.h>

#include "database.h"
#include "sqlite_connection.h"

namespace testarena::sqlite {

/// The one writer of a database file: a thread with the only connection that may write. Group commit: whatever waits
/// goes into one transaction and is made durable by one write to the disk; each piece of work stands in a savepoint of
/// its own, so that its failure undoes nothing but itself.
class WriteQueue {
 public:
  explicit WriteQueue(std::unique_ptr<SqliteConnection> connection);
  /// Finishes what waits.
  ~WriteQueue();
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  /// See sql::Database::write. From any thread.
  void write(Call& call, sql::Lists lists, const sql::Database::Work& work);

  /// Grows with each commit that changed the lists, before the writers are told.
  std::int64_t dataRevision() const { return dataRevision_.load(std::memory_order_acquire); }

  /// Why the last transaction failed; empty if it did not.
  std::string trouble() const;

 private:
  struct Failure {
    Code code;
    std::string message;
    std::string pointer;
  };

  /// One call of write(); lives on its caller's stack.
  struct Item {
    const sql::Database::Work& work;
    const sql::Lists lists;
    std::optional<Failure> failure;
    bool done = false;                // protected by mutex_
    std::condition_variable changed;  // with mutex_
  };
  using Batch = std::vector<Item*>;

  void serve();
  void commitTogether(const Batch& batch);
  void commitEachAlone(const Batch& batch);
  bool runIn(Item& item);
  bool begin(const Batch& batch);
  void rollback() noexcept;
  void noteSuccess(const Batch& batch);
  void noteFailure(const Batch& batch, const Failure& failure);
  bool withdraw(Item& item);
  static Failure currentFailure();

  const std::unique_ptr<SqliteConnection> connection_;  // used by thread_ alone
  std::atomic<std::int64_t> dataRevision_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Item*> waiting_;
  bool ending_ = false;
  std::string trouble_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace testarena::sqlite
