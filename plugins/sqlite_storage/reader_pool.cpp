// SPDX-License-Identifier: Apache-2.0
#include "reader_pool.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace testarena::sqlite {
namespace {

constexpr sql::Query kBegin{"begin_reading", "BEGIN", sql::Path::hot};
constexpr sql::Query kEnd{"end_reading", "COMMIT", sql::Path::hot};

std::size_t poolSize() {
  return std::clamp<std::size_t>(2 * std::thread::hardware_concurrency(), 4, 16);
}

}  // namespace

/// A connection for the time of one read. One that failed while it ended its transaction is not given back.
class ReaderPool::Lease {
 public:
  Lease(ReaderPool& pool, Call& call) : pool_(pool), connection_(pool.take(call)) {}
  ~Lease() { pool_.giveBack(std::move(connection_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  SqliteConnection& operator*() const { return *connection_; }
  void discard() { connection_.reset(); }

 private:
  ReaderPool& pool_;
  std::unique_ptr<SqliteConnection> connection_;
};

ReaderPool::ReaderPool(std::string path) : path_(std::move(path)), most_(poolSize()) {}

void ReaderPool::read(Call& call, const sql::Database::Work& work) {
  Lease lease(*this, call);
  SqliteConnection& connection = *lease;
  try {
    connection.guarded([&] {
      connection.run(kBegin);
      work(connection);
      connection.run(kEnd);
    });
  } catch (...) {
    try {
      if (connection.inTransaction()) connection.run(kEnd);
    } catch (...) {
      lease.discard();  // it would keep its snapshot, and the log of changes could never be emptied
    }
    throw;
  }
}

std::unique_ptr<SqliteConnection> ReaderPool::take(Call& call) {
  constexpr std::chrono::milliseconds kLook{200};
  call.check();
  std::unique_lock<std::mutex> lock(mutex_);
  while (!returned_.wait_for(lock, kLook, [&] { return !idle_.empty() || made_ < most_; })) call.check();
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  ++made_;
  lock.unlock();
  try {
    return std::make_unique<SqliteConnection>(path_, Access::reading);
  } catch (...) {
    giveBack(nullptr);
    throw;
  }
}

void ReaderPool::giveBack(std::unique_ptr<SqliteConnection> connection) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (connection) {
      idle_.push_back(std::move(connection));
    } else {
      --made_;
    }
  }
  returned_.notify_one();
}

}  // namespace testarena::sqlite
