// SPDX-License-Identifier: Apache-2.0
#include "sqlite_statement.h"

#include <sqlite3.h>

#include "sqlite_error.h"

namespace testarena::sqlite {
namespace {

/// Every call below takes the connection's mutex. Who holds it already takes it again for next to nothing.
class Held {
 public:
  explicit Held(sqlite3* handle) : mutex_(sqlite3_db_mutex(handle)) { sqlite3_mutex_enter(mutex_); }
  ~Held() { sqlite3_mutex_leave(mutex_); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  sqlite3_mutex* const mutex_;
};

/// Leaves the statement as if it had never run, whatever happened: a statement that is not reset keeps its snapshot.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  ~Reset() { sqlite3_reset(statement_); }
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;

 private:
  sqlite3_stmt* const statement_;
};

}  // namespace

SqliteStatement::SqliteStatement(sqlite3* handle, const std::string& sql) : handle_(handle) {
  const int result = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement_, nullptr);
  if (result != SQLITE_OK) throwLastError(handle, "preparing a statement");
}

SqliteStatement::~SqliteStatement() {
  sqlite3_finalize(statement_);
}

void SqliteStatement::bindNull(std::size_t place) {
  check(sqlite3_bind_null(statement_, static_cast<int>(place)));
}

void SqliteStatement::bindInteger(std::size_t place, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, static_cast<int>(place), value));
}

void SqliteStatement::bindText(std::size_t place, std::string_view value) {
  const char* const text = value.data() == nullptr ? "" : value.data();  // a null pointer would bind NULL
  check(sqlite3_bind_text64(statement_, static_cast<int>(place), text, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

std::int64_t SqliteStatement::execute(const std::function<void(sql::Row&)>& visit) {
  const Held held(handle_);
  const Reset reset(statement_);
  for (;;) {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_DONE) break;
    if (result != SQLITE_ROW) throwLastError(handle_, "storage");
    if (visit) visit(*this);
  }
  return sqlite3_stmt_readonly(statement_) != 0 ? 0 : sqlite3_changes(handle_);
}

std::size_t SqliteStatement::columns() const {
  return static_cast<std::size_t>(sqlite3_column_count(statement_));
}

bool SqliteStatement::isNull(std::size_t column) {
  return sqlite3_column_type(statement_, static_cast<int>(column)) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(std::size_t column) {
  return sqlite3_column_int64(statement_, static_cast<int>(column));
}

void SqliteStatement::text(std::size_t column, std::string& into) {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, static_cast<int>(column)));
  if (text == nullptr) {
    into.clear();
  } else {
    into.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, static_cast<int>(column))));
  }
}

void SqliteStatement::check(int result) {
  if (result != SQLITE_OK) throwLastError(handle_, "binding a parameter");
}

}  // namespace testarena::sqlite
