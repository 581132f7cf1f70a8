// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testarena::sql {

/// The statements of a script, without comments-only and empty ones: drivers prepare one statement at a time. Knows
/// quotes, both kinds of comments and PostgreSQL's `$tag$ ... $tag$`; not SQLite's `CREATE TRIGGER ... BEGIN ... END`.
std::vector<std::string> splitStatements(std::string_view script);

}  // namespace testarena::sql
