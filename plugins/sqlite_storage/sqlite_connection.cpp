// SPDX-License-Identifier: Apache-2.0
#include "sqlite_connection.h"

#include <Poco/Data/SQLite/SessionImpl.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <sqlite3.h>

#include "dialect.h"
#include "poco_statement.h"
#include "sqlite_error.h"
#include "sqlite_statement.h"

namespace testarena::sqlite {
namespace {

constexpr std::size_t kOpenTimeoutSeconds = 5;  // Poco tries again that long if the file cannot be opened
constexpr int kBusyTimeoutMs = 2000;            // for programs beside us: backups, an administrator's sqlite3

constexpr sql::Query kUseLog{"journal_mode", "PRAGMA journal_mode = WAL", sql::Path::hot};

constexpr const char* kSettings[] = {
    "PRAGMA synchronous = FULL",  // NORMAL may lose the last commits at a loss of power
    "PRAGMA foreign_keys = ON",      "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 1073741824", "PRAGMA journal_size_limit = 67108864",
};

/// A connection is used by one thread at a time: the reader pool lends it, the write queue's thread owns it. So
/// SQLite's own mutex, which it takes for every single value, is left away. Where something else in the process has
/// used the library before, the mutexes stay: slower, not wrong.
void withoutMutexes() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  (void)once;
}

}  // namespace

struct SqliteConnection::Session {
  explicit Session(const std::string& path)
      // Made here and not by Poco's SessionFactory: that one is global to the process and to all plugins in it.
      : session(new Poco::Data::SQLite::SessionImpl(path, kOpenTimeoutSeconds)) {}
  Poco::Data::Session session;
};

SqliteConnection::SqliteConnection(const std::string& path, Access access) {
  withoutMutexes();
  try {
    session_ = std::make_unique<Session>(path);
  } catch (const Poco::Exception& error) {
    throw Unavailable("the database file " + path + " cannot be opened: " + error.displayText());
  }
  handle_ = Poco::Data::SQLite::Utility::dbHandle(session_->session);
  sqlite3_busy_timeout(handle_, kBusyTimeoutMs);
  if (const auto mode = only<std::string>(kUseLog); mode != "wal") {
    throw Unavailable("the database file " + path + " cannot be used with a write-ahead log (SQLite answers '" + mode +
                      "'): put it on a local file system");
  }
  for (const char* setting : kSettings) runText(setting);
  if (access == Access::reading) runText("PRAGMA query_only = ON");
}

SqliteConnection::~SqliteConnection() = default;

void SqliteConnection::runText(const std::string& sql) {
  SqliteStatement(handle_, sql).execute({});
}

void SqliteConnection::guarded(const std::function<void()>& work) {
  try {
    try {
      work();
    } catch (const Poco::Exception&) {
      throwLastError(handle_, "storage");  // before the statements end, which would replace SQLite's last error
    }
  } catch (...) {
    ordinary_.clear();  // they may have stopped half-way, and Poco would go on where they stopped
    throw;
  }
}

bool SqliteConnection::inTransaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

sql::Statement& SqliteConnection::statement(const sql::Query& query) {
  auto& kept = query.path == sql::Path::hot ? hot_ : ordinary_;
  std::unique_ptr<sql::Statement>& prepared = kept[&query];
  if (!prepared) {
    const std::string text = sql::kSqlite.rewrite(query.sql);
    if (query.path == sql::Path::hot) {
      prepared = std::make_unique<SqliteStatement>(handle_, text);
    } else {
      prepared = std::make_unique<sql::PocoStatement>(session_->session, text);
    }
  }
  return *prepared;
}

}  // namespace testarena::sqlite
