// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace testarena::sql {

/// What makes two user names the same: ASCII letters without regard to case.
std::string nameKey(std::string_view name);

/// What searches compare: letters of any script without regard to case. Done here and not in SQL, because SQLite's and
/// PostgreSQL's lower() differ outside ASCII, the latter even from locale to locale.
std::string searchText(std::string_view text);

}  // namespace testarena::sql
