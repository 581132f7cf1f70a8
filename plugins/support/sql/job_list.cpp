// SPDX-License-Identifier: Apache-2.0
// A page begins below the last id of the page before (`id < ?1`): the thousandth page costs what the first does. There
// is one statement for each set of filters, so that each has the plan that suits it; job_filter.cpp makes them.
#include "job_list.h"

#include "job_filter.h"
#include "job_search.h"
#include "paging.h"

namespace testarena::sql {

JobPage listJobs(Connection& connection, const JobQuery& query) {
  checkLimit(query.limit, 500);
  if (query.state == State::unknown) throw Invalid("`unknown` is not a state", "/state");
  JobPage page;
  const JobFilter filter(query);
  const std::int64_t below = query.after.value_or(kNoBound);
  page.jobs = query.q.empty() ? connection.all<JobRow>(pageQuery(filter), below, query.limit + 1, filter.values())
                              : searchJobs(connection, query.q, filter, below, query.limit + 1);
  if (takeSurplus(page.jobs, query.limit)) page.next = page.jobs.back().id;
  return page;
}

const std::vector<const Query*>& jobListQueries() {
  static const std::vector<const Query*> queries = [] {
    std::vector<const Query*> all = pageQueries();
    const std::vector<const Query*>& search = jobSearchQueries();
    all.insert(all.end(), search.begin(), search.end());
    return all;
  }();
  return queries;
}

}  // namespace testarena::sql
