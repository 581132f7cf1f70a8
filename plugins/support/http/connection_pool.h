// SPDX-License-Identifier: Apache-2.0
// The connections to one server. Only for the sources of this folder.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "connection.h"

namespace testarena::http {

/// Keeps connections open between requests, and never has more than `limit` in use. Threads: any.
class ConnectionPool {
 public:
  /// A connection for one request. It is closed at the end, unless it was handed back.
  class Lease {
   public:
    explicit Lease(ConnectionPool& pool) : pool_(&pool) {}
    Lease(Lease&& other) noexcept
        : connection(std::move(other.connection)), pool_(std::exchange(other.pool_, nullptr)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) pool_->release(nullptr);
    }
    /// The next request may use it.
    void handBack() { std::exchange(pool_, nullptr)->release(std::move(connection)); }

    /// Null: there is none that was used before; make one.
    std::unique_ptr<Connection> connection;

   private:
    ConnectionPool* pool_;
  };

  explicit ConnectionPool(std::size_t limit) : limit_(limit) {}

  /// Waits while all are in use. A used connection is only given where `mayReuse`.
  Lease lease(bool mayReuse, const Patience& patience);

 private:
  void release(std::unique_ptr<Connection> connection);

  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable released_;
  // Protected by mutex_.
  std::size_t inUse_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace testarena::http
