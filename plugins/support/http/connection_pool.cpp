// SPDX-License-Identifier: Apache-2.0
#include "connection_pool.h"

namespace testarena::http {
namespace {

// Less than what servers commonly allow: whoever closes second knows that nothing is under way.
constexpr auto kMostIdle = std::chrono::seconds(4);

}  // namespace

ConnectionPool::Lease ConnectionPool::lease(bool mayReuse, const Patience& patience) {
  std::vector<std::unique_ptr<Connection>> dead;  // closed without the lock
  std::unique_lock lock(mutex_);
  while (inUse_ >= limit_) {
    patience.check();
    released_.wait_for(lock, patience.slice());
  }
  ++inUse_;
  Lease lease(*this);
  const auto now = std::chrono::steady_clock::now();
  while (!idle_.empty()) {
    // Newest first; of those that are too old none is of use.
    std::unique_ptr<Connection> newest = std::move(idle_.back());
    idle_.pop_back();
    if (now - newest->idleSince > kMostIdle || !newest->isQuiet()) {
      dead.push_back(std::move(newest));
      continue;
    }
    if (mayReuse) {
      lease.connection = std::move(newest);
    } else {
      idle_.push_back(std::move(newest));
    }
    break;
  }
  return lease;
}

void ConnectionPool::release(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --inUse_;
    if (connection && idle_.size() < limit_) {
      connection->idleSince = std::chrono::steady_clock::now();
      idle_.push_back(std::move(connection));
    }
  }
  released_.notify_one();
}

}  // namespace testarena::http
