// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <testarena/error.h>

namespace testarena::sql {

/// "Only below" of a first page.
inline constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();

inline void checkLimit(std::int64_t limit, std::int64_t most) {
  if (limit < 1 || limit > most) {
    throw Invalid("limit is " + std::to_string(limit) + ", it must be from 1 to " + std::to_string(most), "/limit");
  }
}

/// A page asks for one row more than it shows: that row's being there says that there is a next page. Takes it off.
template <class Record>
bool takeSurplus(std::vector<Record>& rows, std::int64_t limit) {
  if (static_cast<std::int64_t>(rows.size()) <= limit) return false;
  rows.resize(static_cast<std::size_t>(limit));
  return true;
}

}  // namespace testarena::sql
