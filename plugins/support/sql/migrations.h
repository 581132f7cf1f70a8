// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/storage.h>

#include "connection.h"
#include "database.h"

namespace testarena::sql {

/// One step of the schema, from a file `0001_jobs.sql` that never changes once it has landed. Built in by
/// embed_migrations.cmake; numbered from 1 without gaps.
struct Migration {
  std::int64_t version = 0;
  std::string_view name;  ///< `0001_jobs`
  std::string_view script;
};

/// Brings the schema up to date: each migration in a transaction of its own, together with the row of
/// `schema_migrations` that says so, so that a process which is killed goes on where it was.
///
/// `WrongState`: the schema is newer than `known`; it is older and `migrate` is false; or a migration that was applied
/// is not the one that is built in (its checksum differs).
OpenedStorage bringUpToDate(Database& database, const std::vector<Migration>& known, bool migrate, Call& call);

/// FNV-1a over the script without regard to line ends. It finds an edited file, it does not defend against anybody.
std::int64_t checksumOf(std::string_view script);

}  // namespace testarena::sql
