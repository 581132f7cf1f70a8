// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace testarena::sql {

/// ordinary: through Poco::Data. hot: through the driver's own handle, where the database has a quicker way to offer.
enum class Path { ordinary, hot };

/// One SQL statement: a constant beside its use, never built from input. Its address is what a connection keeps the
/// prepared statement by. Parameters are `?1`, `?2`, ... without gaps; a dialect rewrites what its database says
/// otherwise.
struct Query {
  std::string_view name;  ///< for messages, metrics and the test of query plans
  std::string_view sql;
  Path path = Path::ordinary;
};

}  // namespace testarena::sql
