// SPDX-License-Identifier: Apache-2.0
#include "migrations.h"

#include <chrono>

#include "split_statements.h"

namespace testarena::sql {
namespace {

constexpr Query kCreateTable{"create_schema_migrations",
                             R"(CREATE TABLE IF NOT EXISTS schema_migrations (
                                  version BIGINT PRIMARY KEY,
                                  name TEXT NOT NULL,
                                  checksum BIGINT NOT NULL,
                                  applied_at BIGINT NOT NULL))"};
constexpr Query kApplied{"applied_migrations",
                         "SELECT version, name, checksum FROM schema_migrations ORDER BY version"};
constexpr Query kRecord{"record_migration",
                        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)"};

struct Applied {
  std::int64_t version = 0;
  std::string name;
  std::int64_t checksum = 0;
  TA_FIELDS(version, name, checksum)
};

std::vector<Applied> readApplied(Database& database, Call& call) {
  return database.change(call, Lists::unchanged, [](Connection& connection) {
    connection.run(kCreateTable);
    return connection.all<Applied>(kApplied);
  });
}

void checkHistory(const std::vector<Applied>& applied, const std::vector<Migration>& known) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const Applied& was = applied[i];
    if (i >= known.size()) {
      throw WrongState("the database has schema version " + std::to_string(applied.back().version) +
                       ", this program knows versions up to " + std::to_string(known.size()) +
                       " (first unknown: " + was.name +
                       "): start the newer TestArena that wrote it, or restore a backup made before the upgrade");
    }
    if (was.version != known[i].version || was.checksum != checksumOf(known[i].script)) {
      throw WrongState(
          "the database was made with another migration " + was.name + " than the one this program has (" +
          std::string(known[i].name) +
          "): a migration must not be edited once it has been applied; use the program that made the database");
    }
  }
}

void apply(const Migration& migration, Connection& connection) {
  for (const std::string& statement : splitStatements(migration.script)) connection.runText(statement);
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
  connection.run(kRecord, migration.version, migration.name, checksumOf(migration.script),
                 static_cast<std::int64_t>(now.count()));
}

}  // namespace

OpenedStorage bringUpToDate(Database& database, const std::vector<Migration>& known, bool migrate, Call& call) {
  const std::vector<Applied> applied = readApplied(database, call);
  checkHistory(applied, known);
  if (!migrate && applied.size() < known.size()) {
    throw WrongState("the database has schema version " + std::to_string(applied.size()) +
                     ", this program needs version " + std::to_string(known.size()) +
                     ", and migrating was not allowed: run `testarena migrate up` first");
  }
  OpenedStorage opened;
  for (std::size_t i = applied.size(); i < known.size(); ++i) {
    database.write(call, Lists::changed, [&](Connection& connection) { apply(known[i], connection); });
    opened.applied.emplace_back(known[i].name);
  }
  opened.schema_version = static_cast<std::int64_t>(known.size());
  return opened;
}

std::int64_t checksumOf(std::string_view script) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : script) {
    if (c == '\r') continue;
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return static_cast<std::int64_t>(hash);
}

}  // namespace testarena::sql
