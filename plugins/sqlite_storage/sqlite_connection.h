// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "connection.h"

struct sqlite3;

namespace testarena::sqlite {

/// reading: every statement that would change something is refused. writing: there is one of these for each file.
enum class Access { reading, writing };

/// A Poco::Data session on the database file, with its settings, and the statements prepared on it. One thread at a
/// time.
class SqliteConnection final : public sql::Connection {
 public:
  SqliteConnection(const std::string& path, Access access);
  ~SqliteConnection() override;

  void runText(const std::string& sql) override;

  /// Calls `work`; what fails inside of SQLite or Poco comes out as testarena::Error.
  void guarded(const std::function<void()>& work);

  bool inTransaction() const;
  sqlite3* handle() const { return handle_; }

 protected:
  sql::Statement& statement(const sql::Query& query) override;

 private:
  struct Session;
  std::unique_ptr<Session> session_;
  sqlite3* handle_ = nullptr;  // of the session
  std::unordered_map<const sql::Query*, std::unique_ptr<sql::Statement>> ordinary_;
  std::unordered_map<const sql::Query*, std::unique_ptr<sql::Statement>> hot_;
};

}  // namespace testarena::sqlite
