// SPDX-License-Identifier: Apache-2.0
#include "job_filter.h"

#include <set>

#include <gtest/gtest.h>

#include "dialect.h"

namespace testarena::sql {
namespace {

JobQuery query(const std::string& user, const std::string& environment, const std::string& branch,
               std::optional<State> state) {
  JobQuery query;
  query.user = user;
  query.environment = environment;
  query.branch = branch;
  query.state = state;
  return query;
}

std::string conditions(const JobQuery& query) {
  return kSqlite.rewrite(JobFilter::conditions(JobFilter(query).kind(), 3, JobFilter::Leads::rarest));
}

TEST(JobFilter, numbersItsParametersWithoutGaps) {
  EXPECT_EQ(conditions(query("", "", "", {})), "");
  EXPECT_EQ(conditions(query("", "lab", "", {})), " AND environment = ?3");
  EXPECT_EQ(conditions(query("", "lab", "main", {})), " AND +environment = ?3 AND branch = ?4");
}

TEST(JobFilter, valuesComeInTheOrderOfTheConditions) {
  const JobQuery all = query("Anna", "lab", "main", State::passed);
  EXPECT_EQ(JobFilter(all).values(), (std::vector<std::string_view>{"anna", "lab", "main", "passed"}));
  const JobQuery some = query("", "", "main", State::waiting);
  EXPECT_EQ(JobFilter(some).values(), (std::vector<std::string_view>{"main", "waiting"}));
}

TEST(JobFilter, theRarestFilterLeads) {
  EXPECT_EQ(conditions(query("anna", "lab", "main", State::passed)),
            " AND user_no = (SELECT no FROM job_users WHERE name = ?3) AND +environment = ?4 AND +branch = ?5 AND "
            "state = ?6");
  EXPECT_EQ(conditions(query("", "lab", "main", State::passed)),
            " AND +environment = ?3 AND branch = ?4 AND +state = ?5");
  EXPECT_EQ(conditions(query("", "lab", "main", State::waiting)),
            " AND +environment = ?3 AND +branch = ?4 AND state = ?5")
      << "few jobs are open";
}

TEST(JobFilter, eachKindHasItsStatement) {
  std::set<std::string_view> texts;
  for (const Query* query : pageQueries()) texts.insert(query->sql);
  EXPECT_EQ(texts.size(), 16U + 3U) << "an open state leads elsewhere only with a branch or an environment and no user";
  EXPECT_EQ(pageQueries().size(), 24U);
}

}  // namespace
}  // namespace testarena::sql
