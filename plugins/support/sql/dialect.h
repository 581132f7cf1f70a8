// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace testarena::sql {

/// What databases write differently in an ordinary statement. Statements are written for SQLite; types and functions
/// that differ are the business of the migrations, which each database has of its own.
struct Dialect {
  /// `?3` becomes `<placeholder>3`. (SQLite knows `$3` too, but as a *name*: `$2, $1` would bind the wrong way round.)
  char placeholder = '?';
  /// Replaces the comment `/*for update*/`, which follows a SELECT of a row that is about to be changed.
  std::string_view rowLock;
  /// Replaces the comment `/*no index*/` before a column whose index must not lead a search.
  std::string_view noIndex;

  std::string rewrite(std::string_view sql) const;
};

/// One writer at a time: rows need no lock. A unary plus keeps a column from choosing an index.
inline constexpr Dialect kSqlite{'?', "", "+"};

/// Its planner knows how rare a value is and needs no advice.
inline constexpr Dialect kPostgresql{'$', " FOR UPDATE", ""};

}  // namespace testarena::sql
