// SPDX-License-Identifier: Apache-2.0
#include "sqlite_storage.h"

#include <filesystem>

#include "sqlite_database.h"

namespace testarena::sqlite {
namespace {

std::string databasePath(const SqliteStorage::Settings& settings) {
  if (settings.path.empty()) throw Invalid("the path of the database file is empty", "/path");
  const std::filesystem::path path(settings.path);
  if (path.is_relative() && settings.data.empty()) {
    throw Invalid("the path is relative to the data folder, and there is none: give an absolute path", "/path");
  }
  return std::filesystem::absolute(std::filesystem::path(settings.data) / path).lexically_normal().string();
}

}  // namespace

SqliteStorage::SqliteStorage(const Settings& settings, const Host& host)
    : SqlStorage(host), path_(databasePath(settings)) {}

std::unique_ptr<sql::Database> SqliteStorage::connect() {
  return std::make_unique<SqliteDatabase>(path_);
}

}  // namespace testarena::sqlite
