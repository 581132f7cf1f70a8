// SPDX-License-Identifier: Apache-2.0
#include "job_filter.h"

#include "job_rows.h"
#include "names.h"

namespace testarena::sql {
namespace {

constexpr std::size_t kUser = 1;
constexpr std::size_t kEnvironment = 2;
constexpr std::size_t kBranch = 4;
constexpr std::size_t kState = 8;
constexpr std::size_t kStateLeads = 16;  // the state is an open one: few jobs have it

struct Column {
  std::size_t bit;
  std::string_view name;
  std::string_view column;
  std::string_view is;  // before and after the placeholder
  std::string_view end;
};
constexpr Column kColumns[] = {
    {kUser, "user", "user_no", " = (SELECT no FROM job_users WHERE name = ?", ")"},
    {kEnvironment, "environment", "environment", " = ?", ""},
    {kBranch, "branch", "branch", " = ?", ""},
    {kState, "state", "state", " = ?", ""},
};

/// The filters whose index leads: fewest rows first, as experience has it. Not left to the database: without statistics
/// SQLite takes any, and with them its plans would depend on when they were collected.
std::size_t rarest(std::size_t kind) {
  if ((kind & kUser) != 0) return kind & (kUser | kState);
  if ((kind & kStateLeads) != 0) return kState;
  if ((kind & kBranch) != 0) return kBranch;
  if ((kind & kEnvironment) != 0) return kEnvironment;
  return kState;
}

std::string pageText(std::size_t kind) {
  return "SELECT " JOB_ROW_COLUMNS " FROM jobs WHERE id < ?1 AND deleted = 0" +
         JobFilter::conditions(kind, 3, JobFilter::Leads::rarest) + " ORDER BY id DESC LIMIT ?2";
}

const FilteredQueries& pages() {
  static const FilteredQueries queries("list_jobs", pageText);
  return queries;
}

}  // namespace

JobFilter::JobFilter(const JobQuery& query)
    : user_(nameKey(query.user)), environment_(query.environment), branch_(query.branch) {
  if (!user_.empty()) kind_ |= kUser;
  if (!environment_.empty()) kind_ |= kEnvironment;
  if (!branch_.empty()) kind_ |= kBranch;
  if (query.state) {
    state_ = enumName(*query.state);
    kind_ |= kState;
    if (!hasEnded(*query.state)) kind_ |= kStateLeads;
  }
}

std::vector<std::string_view> JobFilter::values() const {
  std::vector<std::string_view> values;
  if ((kind_ & kUser) != 0) values.push_back(user_);
  if ((kind_ & kEnvironment) != 0) values.push_back(environment_);
  if ((kind_ & kBranch) != 0) values.push_back(branch_);
  if ((kind_ & kState) != 0) values.push_back(state_);
  return values;
}

std::string JobFilter::conditions(std::size_t kind, int place, Leads leads) {
  const std::size_t leading = leads == Leads::user ? kUser | kState : rarest(kind);
  std::string text;
  for (const Column& column : kColumns) {
    if ((kind & column.bit) == 0) continue;
    text += " AND ";
    if ((leading & column.bit) == 0) text += "/*no index*/";
    text.append(column.column).append(column.is).append(std::to_string(place++)).append(column.end);
  }
  return text;
}

std::string JobFilter::describe(std::size_t kind) {
  std::string text;
  for (const Column& column : kColumns) {
    if ((kind & column.bit) != 0) text.append(text.empty() ? "" : ", ").append(column.name);
  }
  return (kind & kStateLeads) != 0 ? text + " (open)" : text;
}

FilteredQueries::FilteredQueries(std::string_view name, std::string (*make)(std::size_t kind)) {
  texts_.reserve(2 * JobFilter::kKinds);  // the queries refer to the texts, which must not move
  for (std::size_t kind = 0; kind < JobFilter::kKinds; ++kind) {
    const std::string& queryName = texts_.emplace_back(std::string(name) + " by " + JobFilter::describe(kind));
    const std::string& sql = texts_.emplace_back(make(kind));
    queries_.push_back({queryName, sql, Path::hot});
  }
}

void FilteredQueries::appendTo(std::vector<const Query*>& list) const {
  for (std::size_t kind = 0; kind < queries_.size(); ++kind) {
    const bool possible = (kind & kStateLeads) == 0 || (kind & kState) != 0;
    if (possible) list.push_back(&queries_[kind]);
  }
}

const Query& pageQuery(const JobFilter& filter) {
  return pages().of(filter);
}

std::vector<const Query*> pageQueries() {
  std::vector<const Query*> list;
  pages().appendTo(list);
  return list;
}

}  // namespace testarena::sql
