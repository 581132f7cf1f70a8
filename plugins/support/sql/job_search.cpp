// SPDX-License-Identifier: Apache-2.0
// A part of a name matches any number of people, and each person's jobs stand in order in an index. So the names are
// looked through, there are few, and then the people's jobs are merged: whoever has the newest job gives it and comes
// again with the next. The cost is one step into the index for each person found and each row shown, never one for each
// of their jobs, and it is the same on the first page and on the last.
#include "job_search.h"

#include <charconv>
#include <queue>

#include "job_rows.h"
#include "names.h"

namespace testarena::sql {
namespace {

// `?1` part of a name, `?2` only ids below, then the filter's values.
std::string newestText(std::size_t kind) {
  return "SELECT no, (SELECT max(id) FROM jobs WHERE user_no = job_users.no AND deleted = 0 AND id < ?2" +
         JobFilter::conditions(kind, 3, JobFilter::Leads::user) + ") FROM job_users WHERE instr(search, ?1) > 0";
}

// `?1` number of the user, `?2` only ids below, then the filter's values.
std::string nextText(std::size_t kind) {
  return "SELECT max(id) FROM jobs WHERE user_no = ?1 AND deleted = 0 AND id < ?2" +
         JobFilter::conditions(kind, 3, JobFilter::Leads::user);
}

// `?1` id, `?2` only ids below, then the filter's values.
std::string exactText(std::size_t kind) {
  return "SELECT id FROM jobs WHERE id = ?1 AND deleted = 0 AND id < ?2" +
         JobFilter::conditions(kind, 3, JobFilter::Leads::user);
}

constexpr Query kRow{"job_row", "SELECT " JOB_ROW_COLUMNS " FROM jobs WHERE id = ?1", Path::hot};

struct Statements {
  FilteredQueries newest{"newest_of_matching_users", newestText};
  FilteredQueries next{"next_of_user", nextText};
  FilteredQueries exact{"job_with_id", exactText};
};

const Statements& statements() {
  static const Statements made;
  return made;
}

/// The newest job of a user that has not been shown yet; user 0: the job that was asked for by its id.
struct Candidate {
  std::int64_t user = 0;
  std::optional<std::int64_t> id;
  TA_FIELDS(user, id)
};

bool olderThan(const Candidate& a, const Candidate& b) {
  return a.id < b.id;
}

using Candidates = std::priority_queue<Candidate, std::vector<Candidate>, decltype(&olderThan)>;

/// A job id as it is shown: no sign, no leading zeros.
std::optional<std::int64_t> asId(const std::string& q) {
  std::int64_t id = 0;
  const char* const end = q.data() + q.size();
  const auto [rest, error] = std::from_chars(q.data(), end, id);
  if (error != std::errc() || rest != end || q.front() < '1' || q.front() > '9') return std::nullopt;
  return id;
}

}  // namespace

std::vector<JobRow> searchJobs(Connection& connection, const std::string& q, const JobFilter& filter,
                               std::int64_t below, std::int64_t limit) {
  const auto values = filter.values();
  Candidates candidates(olderThan);
  for (const Candidate& found :
       connection.all<Candidate>(statements().newest.of(filter), searchText(q), below, values)) {
    if (found.id) candidates.push(found);
  }
  if (const auto id = asId(q)) {
    if (connection.one<std::int64_t>(statements().exact.of(filter), *id, below, values)) candidates.push({0, id});
  }

  std::vector<JobRow> rows;
  while (!candidates.empty() && static_cast<std::int64_t>(rows.size()) < limit) {
    Candidate newest = candidates.top();
    candidates.pop();
    const bool again = !rows.empty() && rows.back().id == newest.id;  // found by its id and by its user
    if (!again) rows.push_back(connection.only<JobRow>(kRow, *newest.id));
    if (newest.user == 0) continue;
    newest.id =
        connection.only<std::optional<std::int64_t>>(statements().next.of(filter), newest.user, *newest.id, values);
    if (newest.id) candidates.push(newest);
  }
  return rows;
}

const std::vector<const Query*>& jobSearchQueries() {
  static const std::vector<const Query*> queries = [] {
    std::vector<const Query*> all{&kRow};
    statements().newest.appendTo(all);
    statements().next.appendTo(all);
    statements().exact.appendTo(all);
    return all;
  }();
  return queries;
}

}  // namespace testarena::sql
