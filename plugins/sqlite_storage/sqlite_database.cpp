// SPDX-License-Identifier: Apache-2.0
#include "sqlite_database.h"

#include <sqlite3.h>

namespace testarena::sqlite {

SqliteDatabase::SqliteDatabase(const std::string& path)
    : guard_(path), writer_(std::make_unique<SqliteConnection>(path, Access::writing)), readers_(path) {}

void SqliteDatabase::read(Call& call, const sql::Database::Work& work) {
  readers_.read(call, work);
}

void SqliteDatabase::write(Call& call, sql::Lists lists, const sql::Database::Work& work) {
  writer_.write(call, lists, work);
}

std::int64_t SqliteDatabase::dataRevision() {
  return writer_.dataRevision();
}

std::string SqliteDatabase::trouble() {
  return writer_.trouble();
}

std::string SqliteDatabase::version() {
  return std::string("SQLite ") + sqlite3_libversion();
}

}  // namespace testarena::sqlite
