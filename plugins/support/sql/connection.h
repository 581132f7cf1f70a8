// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <testarena/error.h>

#include "query.h"
#include "statement.h"
#include "values.h"

namespace testarena::sql {

/// A connection, inside a transaction that somebody else began and ends. One thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Changes rows; returns how many.
  template <class... Values>
  std::int64_t run(const Query& query, const Values&... values) {
    return execute(query, {}, values...);
  }

  /// All rows, as records or single values.
  template <class Record, class... Values>
  std::vector<Record> all(const Query& query, const Values&... values) {
    std::vector<Record> records;
    execute(
        query, [&](Row& row) { readRow(query, row, records.emplace_back()); }, values...);
    return records;
  }

  /// The row of a question (or of a change that returns it) that has at most one.
  template <class Record, class... Values>
  std::optional<Record> one(const Query& query, const Values&... values) {
    std::optional<Record> record;
    execute(
        query, [&](Row& row) { readRow(query, row, record.emplace()); }, values...);
    return record;
  }

  /// The row of a question that has exactly one.
  template <class Record, class... Values>
  Record only(const Query& query, const Values&... values) {
    std::optional<Record> record = one<Record>(query, values...);
    if (!record) throw Internal("storage: " + std::string(query.name) + " answered without a row");
    return *std::move(record);
  }

  /// For what is no constant: the statements of a migration, the settings of a connection.
  virtual void runText(const std::string& sql) = 0;

 protected:
  /// The prepared statement, kept for as long as the connection.
  virtual Statement& statement(const Query& query) = 0;

 private:
  template <class... Values>
  std::int64_t execute(const Query& query, const std::function<void(Row&)>& visit, const Values&... values) {
    Statement& prepared = statement(query);
    [[maybe_unused]] std::size_t place = 1;
    (bindValue(prepared, place, values), ...);
    return prepared.execute(visit);
  }

  template <class Record>
  static void readRow(const Query& query, Row& row, Record& record) {
    std::size_t column = 0;
    readValue(row, column, record);
    if (row.columns() != 0 && column != row.columns()) {
      throw Internal("storage: " + std::string(query.name) + " has " + std::to_string(row.columns()) + " columns, " +
                     std::to_string(column) + " were read");
    }
  }
};

}  // namespace testarena::sql
