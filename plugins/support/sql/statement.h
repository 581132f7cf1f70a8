// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace testarena::sql {

/// One row of an answer; valid during the visit. Columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  /// How many there are; 0 where the driver does not tell.
  virtual std::size_t columns() const { return 0; }
  virtual bool isNull(std::size_t column) = 0;
  virtual std::int64_t integer(std::size_t column) = 0;
  virtual void text(std::size_t column, std::string& into) = 0;
};

/// A prepared statement that is used again and again, by one thread at a time. Each execution starts with binding *all*
/// parameters anew; texts are borrowed until it has ended.
class Statement {
 public:
  virtual ~Statement() = default;

  /// Places count from 1.
  virtual void bindNull(std::size_t place) = 0;
  virtual void bindInteger(std::size_t place, std::int64_t value) = 0;
  virtual void bindText(std::size_t place, std::string_view value) = 0;

  /// Runs to its end; `visit` sees each row and may be empty. Returns how many rows were changed (0 for a question).
  virtual std::int64_t execute(const std::function<void(Row&)>& visit) = 0;
};

}  // namespace testarena::sql
