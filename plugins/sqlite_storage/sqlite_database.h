// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "database.h"
#include "file_guard.h"
#include "reader_pool.h"
#include "write_queue.h"

namespace testarena::sqlite {

/// One database file, owned by this process.
class SqliteDatabase final : public sql::Database {
 public:
  explicit SqliteDatabase(const std::string& path);

  void read(Call& call, const sql::Database::Work& work) override;
  void write(Call& call, sql::Lists lists, const sql::Database::Work& work) override;
  std::int64_t dataRevision() override;
  std::string trouble() override;
  std::string version() override;

 private:
  const FileGuard guard_;  // first: nothing touches the file before
  WriteQueue writer_;      // before the readers: it creates what they read, and is closed after them
  ReaderPool readers_;
};

}  // namespace testarena::sqlite
