// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <testarena/storage.h>

#include "query.h"

namespace testarena::sql {

/// What a list is narrowed to: the fields of a JobQuery that must be equal.
class JobFilter {
 public:
  /// Borrows the texts of `query`.
  explicit JobFilter(const JobQuery& query);

  /// The values of the filters that are set, in the order in which `conditions` numbers them.
  std::vector<std::string_view> values() const;

  /// Which filters are set, and whether the state leads; each kind has statements of its own.
  std::size_t kind() const { return kind_; }
  static constexpr std::size_t kKinds = 32;

  /// Whose index leads to the rows: that of the filter with the fewest, or that of the user, whom the statement names
  /// itself.
  enum class Leads { rarest, user };

  /// " AND branch = ?3 AND state = ?4" for a kind, its parameters counted from `place`. Columns that do not lead are
  /// kept from choosing an index.
  static std::string conditions(std::size_t kind, int place, Leads leads);

  /// "user, state" for a kind, for the names of queries.
  static std::string describe(std::size_t kind);

 private:
  std::string user_;
  std::string_view environment_;
  std::string_view branch_;
  std::string_view state_;
  std::size_t kind_ = 0;
};

/// One statement for each kind of filter, made once from constants.
class FilteredQueries {
 public:
  /// `make(kind)` gives the text.
  FilteredQueries(std::string_view name, std::string (*make)(std::size_t kind));
  const Query& of(const JobFilter& filter) const { return queries_[filter.kind()]; }
  void appendTo(std::vector<const Query*>& list) const;

 private:
  std::vector<std::string> texts_;
  std::vector<Query> queries_;
};

/// The page of jobs below `?1`, at most `?2`, then the filter's values.
const Query& pageQuery(const JobFilter& filter);

std::vector<const Query*> pageQueries();

}  // namespace testarena::sql
