// SPDX-License-Identifier: Apache-2.0
#include "expansions.h"

namespace testarena::sql {
namespace {

constexpr Query kDelete{"delete_expansion",
                        "DELETE FROM expansions WHERE environment = ?1 AND \"commit\" = ?2 AND lister = ?3"};
constexpr Query kAdd{"add_expansion", "INSERT INTO expansions (environment, \"commit\", lister) VALUES (?1, ?2, ?3)"};
constexpr Query kAddRun{"add_expansion_run",
                        R"(INSERT INTO expansion_runs (environment, "commit", lister, place, scenario, path, attempt,
                                                       expanded_from)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))",
                        Path::hot};
constexpr Query kListers{"listers_of_commit",
                         "SELECT lister FROM expansions WHERE environment = ?1 AND \"commit\" = ?2 ORDER BY lister"};
constexpr Query kRuns{"expansion_runs",
                      R"(SELECT scenario, path, attempt, expanded_from FROM expansion_runs
                         WHERE environment = ?1 AND "commit" = ?2 AND lister = ?3 ORDER BY place)",
                      Path::hot};

}  // namespace

void putExpansion(Connection& connection, const Expansion& expansion) {
  connection.run(kDelete, expansion.environment, expansion.commit, expansion.lister);
  connection.run(kAdd, expansion.environment, expansion.commit, expansion.lister);
  std::int64_t place = 0;
  for (const RunRequest& run : expansion.runs) {
    connection.run(kAddRun, expansion.environment, expansion.commit, expansion.lister, place++, run);
  }
}

Expansions getExpansions(Connection& connection, const ExpansionsRequest& request) {
  Expansions found;
  for (const std::string& lister : connection.all<std::string>(kListers, request.environment, request.commit)) {
    found.expansions.push_back({request.environment, request.commit, lister,
                                connection.all<RunRequest>(kRuns, request.environment, request.commit, lister)});
  }
  return found;
}

const std::vector<const Query*>& expansionQueries() {
  static const std::vector<const Query*> queries{&kDelete, &kAdd, &kAddRun, &kListers, &kRuns};
  return queries;
}

}  // namespace testarena::sql
