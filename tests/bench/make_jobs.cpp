// SPDX-License-Identifier: Apache-2.0
#include "make_jobs.h"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

#include <sqlite3.h>

#include "quiet_host.h"
#include "sqlite_storage.h"

namespace testarena::bench {
namespace {

// ?1 jobs, ?2 runs, ?3 users. `mix` scatters the numbers, so that neighbours differ.
constexpr const char* kUsers = R"(
  WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3)
  INSERT INTO job_users (no, name, search) SELECT i + 1, 'user-' || i, 'user-' || i FROM n WHERE ?1 > 0 AND ?2 >= 0)";

constexpr const char* kJobs = R"(
  WITH RECURSIVE
    n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1),
    scattered (i, mix) AS (SELECT i, (i * 2654435761) % 4294967296 FROM n),
    chosen (i, mix, user, verdict) AS (
      SELECT i, mix, CASE WHEN mix % 3 = 0 THEN 0 ELSE (mix / 3) % ?3 END,
             CASE WHEN i > ?1 - 50 THEN 'waiting' WHEN i > ?1 - 100 THEN 'in_progress'
                  WHEN mix % 20 < 14 THEN 'passed' WHEN mix % 20 < 17 THEN 'failed'
                  WHEN mix % 20 < 18 THEN 'errored' ELSE 'aborted' END
      FROM scattered)
  INSERT INTO jobs (id, user_no, "user", environment, branch, "commit", state, reason, created_at, started_at, finished_at,
                    revision, runs_waiting, runs_in_progress, runs_passed, runs_failed, runs_errored, runs_aborted, phase)
  SELECT i, user + 1, 'user-' || user, 'lab-' || (mix % 5),
         CASE WHEN mix % 5 < 2 THEN 'main' ELSE 'feature/ticket-' || (mix % 997) END,
         printf('%08x%08x%08x%08x%08x', mix, mix + 1, mix + 2, mix + 3, mix + 4), verdict,
         CASE verdict WHEN 'errored' THEN 'the remote execution server was restarted' ELSE '' END,
         1700000000000000 + i * 20000000,
         CASE verdict WHEN 'waiting' THEN NULL ELSE 1700000003000000 + i * 20000000 END,
         CASE WHEN verdict IN ('waiting', 'in_progress') THEN NULL ELSE 1700000063000000 + i * 20000000 END,
         5, (verdict = 'waiting') * ?2, (verdict = 'in_progress') * ?2, (verdict = 'passed') * ?2,
         (verdict = 'failed') * ?2, (verdict = 'errored') * ?2, (verdict = 'aborted') * ?2,
         CASE verdict WHEN 'waiting' THEN 'unsent' WHEN 'in_progress' THEN 'accepted' ELSE 'closed' END
  FROM chosen)";

constexpr const char* kRuns = R"(
  WITH RECURSIVE k (r) AS (SELECT 0 UNION ALL SELECT r + 1 FROM k WHERE r + 1 < ?2)
  INSERT INTO runs (job_id, scenario, attempt, place, path, expanded_from, state, reason, started_at, finished_at, exit_code,
                    log_bytes, log_complete, report_url)
  SELECT id, 'regression/alu/add_overflow_' || (id % 50 + r), 1, r, 'tests/regression/alu.sh', '', state, '', started_at,
         finished_at, CASE state WHEN 'passed' THEN 0 WHEN 'failed' THEN 1 END, 20480, finished_at IS NOT NULL, ''
  FROM jobs, k WHERE id <= ?1 AND ?2 > 0 AND ?3 > 0)";

constexpr const char* kCounter = "UPDATE counters SET value = ?1 WHERE name = 'job_id' AND ?2 >= 0 AND ?3 > 0";

class Filler {
 public:
  explicit Filler(const std::string& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) fail();
    run("PRAGMA synchronous = OFF");
    run("PRAGMA foreign_keys = OFF");
    run("PRAGMA cache_size = -262144");
  }
  ~Filler() { sqlite3_close(handle_); }
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;

  std::vector<std::string> run(const std::string& sql, const JobsToMake* wanted = nullptr) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail();
    if (wanted != nullptr) {
      sqlite3_bind_int64(statement, 1, wanted->jobs);
      sqlite3_bind_int64(statement, 2, wanted->runs);
      sqlite3_bind_int64(statement, 3, wanted->users);
    }
    std::vector<std::string> rows;
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
      const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
      rows.emplace_back(text == nullptr ? "" : text);
    }
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE) fail();
    return rows;
  }

 private:
  [[noreturn]] void fail() { throw std::runtime_error(std::string("make_jobs: ") + sqlite3_errmsg(handle_)); }

  sqlite3* handle_ = nullptr;
};

}  // namespace

void makeJobs(const std::string& folder, const JobsToMake& wanted) {
  {
    Call call(std::chrono::minutes(1));
    sqlite::SqliteStorage storage({"testarena.db", folder}, test::quietHost());
    storage.open({}, call);
  }
  Filler filler(folder + "/testarena.db");
  if (filler.run("SELECT count(*) FROM jobs").at(0) != "0")
    throw std::runtime_error("make_jobs: there are jobs already");
  // Indexes made once are made quickly; kept up row by row they take most of the time.
  const std::string ofJobs =
      " FROM sqlite_master WHERE type = 'index' AND tbl_name = 'jobs' AND sql IS NOT NULL ORDER BY name";
  const std::vector<std::string> names = filler.run("SELECT name" + ofJobs);
  const std::vector<std::string> definitions = filler.run("SELECT sql" + ofJobs);
  filler.run("BEGIN");
  for (const std::string& name : names) filler.run("DROP INDEX " + name);
  for (const char* step : {kUsers, kJobs, kRuns, kCounter}) filler.run(step, &wanted);
  for (const std::string& definition : definitions) filler.run(definition);
  filler.run("COMMIT");
  filler.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace testarena::bench
