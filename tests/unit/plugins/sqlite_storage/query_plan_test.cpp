// SPDX-License-Identifier: Apache-2.0
// No statement looks through a table, sorts what an index could give in order, or builds an index of its own. Asked of
// SQLite for every statement there is, so that a new one is looked at, too.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "dialect.h"
#include "quiet_host.h"
#include "sql_storage.h"
#include "sqlite_storage.h"
#include "temporary_folder.h"

namespace testarena::sqlite {
namespace {

class QueryPlans : public testing::Test {
 protected:
  QueryPlans() {
    {
      Call call(std::chrono::minutes(1));
      SqliteStorage storage({"testarena.db", folder_.path().string()}, test::quietHost());
      storage.open({}, call);
    }
    EXPECT_EQ(sqlite3_open((folder_.path() / "testarena.db").c_str(), &handle_), SQLITE_OK);
  }
  ~QueryPlans() override { sqlite3_close(handle_); }

  std::vector<std::string> plan(const sql::Query& query) {
    const std::string text = "EXPLAIN QUERY PLAN " + sql::kSqlite.rewrite(query.sql);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(handle_, text.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << query.name << ": " << sqlite3_errmsg(handle_);
    std::vector<std::string> steps;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      steps.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)));
    }
    sqlite3_finalize(statement);
    return steps;
  }

  /// The step that reads the jobs of a page.
  std::string pageStep(const std::string& name) {
    for (const sql::Query* query : sql::allQueries()) {
      if (query->name != name) continue;
      for (const std::string& step : plan(*query)) {
        if (step.find(" jobs") != std::string::npos) return step;
      }
    }
    return "no such query: " + name;
  }

  test::TemporaryFolder folder_;
  sqlite3* handle_ = nullptr;
};

TEST_F(QueryPlans, everyStatementIsPreparedAndUsesAnIndex) {
  const std::map<std::string, std::set<std::string>> allowed{
      // The runs of one job, found by its id and put in their order.
      {"runs_of_job", {"USE TEMP B-TREE FOR ORDER BY"}},
      // The tokens of one user, and the listers of one commit: a handful.
      {"list_tokens", {"USE TEMP B-TREE FOR ORDER BY"}},
  };
  EXPECT_GT(sql::allQueries().size(), 100U);
  for (const sql::Query* query : sql::allQueries()) {
    for (const std::string& step : plan(*query)) {
      const auto exceptions = allowed.find(std::string(query->name));
      if (exceptions != allowed.end() && exceptions->second.count(step) != 0) continue;
      const bool looksThroughNames =  // what a search does with the names, never with the jobs
          query->name.substr(0, 24) == "newest_of_matching_users" && step == "SCAN job_users";
      const bool scans = step.substr(0, 4) == "SCAN" && step != "SCAN CONSTANT ROW" && !looksThroughNames;
      const bool builds = step.find("TEMP B-TREE") != std::string::npos || step.find("AUTOMATIC") != std::string::npos;
      EXPECT_FALSE(scans || builds) << query->name << ": " << step << "\n" << query->sql;
    }
  }
}

TEST_F(QueryPlans, eachPageComesFromTheIndexThatSuitsIt) {
  using testing::HasSubstr;
  EXPECT_THAT(pageStep("list_jobs by "), HasSubstr("INTEGER PRIMARY KEY (rowid<?)"));
  EXPECT_THAT(pageStep("list_jobs by user"), HasSubstr("jobs_by_user (user_no=? AND deleted=? AND rowid<?)"));
  EXPECT_THAT(pageStep("list_jobs by user, state"),
              HasSubstr("jobs_by_user_and_state (user_no=? AND state=? AND rowid<?)"));
  EXPECT_THAT(pageStep("list_jobs by state"), HasSubstr("jobs_by_state (state=? AND rowid<?)"));
  EXPECT_THAT(pageStep("list_jobs by environment"), HasSubstr("jobs_by_environment (environment=? AND rowid<?)"));
  EXPECT_THAT(pageStep("list_jobs by branch"), HasSubstr("jobs_by_branch (branch=? AND rowid<?)"));
  EXPECT_THAT(pageStep("list_jobs by environment, branch, state"), HasSubstr("jobs_by_branch"));
  EXPECT_THAT(pageStep("list_jobs by environment, branch, state (open)"), HasSubstr("jobs_by_state"));
  EXPECT_THAT(pageStep("open_jobs"), HasSubstr("open_jobs (environment=? AND rowid>?)"));
}

TEST_F(QueryPlans, aSearchTakesOneStepForEachName) {
  for (const char* name : {"newest_of_matching_users by ", "newest_of_matching_users by state", "next_of_user by ",
                           "next_of_user by environment, branch", "next_of_user by state"}) {
    const bool byState = std::string(name).find("state") != std::string::npos;
    EXPECT_THAT(pageStep(name),
                testing::HasSubstr(byState ? "jobs_by_user_and_state (user_no=? AND state=? AND rowid<?)"
                                           : "jobs_by_user (user_no=? AND deleted=? AND rowid<?)"))
        << name;
  }
}

TEST_F(QueryPlans, namesOfStatementsAreUnique) {
  std::set<std::string_view> names;
  for (const sql::Query* query : sql::allQueries()) EXPECT_TRUE(names.insert(query->name).second) << query->name;
}

}  // namespace
}  // namespace testarena::sqlite
