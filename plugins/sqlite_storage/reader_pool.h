// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <testarena/call.h>

#include "database.h"
#include "sqlite_connection.h"

namespace testarena::sqlite {

/// The connections that only read; made when they are first needed, then kept. From any thread.
class ReaderPool {
 public:
  explicit ReaderPool(std::string path);

  /// See sql::Database::read.
  void read(Call& call, const sql::Database::Work& work);

 private:
  class Lease;
  std::unique_ptr<SqliteConnection> take(Call& call);
  void giveBack(std::unique_ptr<SqliteConnection> connection);

  const std::string path_;
  const std::size_t most_;

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_;  // the last one back is the first to go: its caches are warm
  std::size_t made_ = 0;
};

}  // namespace testarena::sqlite
