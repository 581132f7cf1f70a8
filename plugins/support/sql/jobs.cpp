// SPDX-License-Identifier: Apache-2.0
#include "jobs.h"

#include <set>

#include "audit_log.h"
#include "names.h"
#include "paging.h"

namespace testarena::sql {
namespace {

constexpr std::int64_t kLastId =
    (std::int64_t{1} << 53) - 1;  // the largest integer that every JSON reader keeps exactly

constexpr Query kNextId{"next_job_id", "UPDATE counters SET value = value + 1 WHERE name = 'job_id' RETURNING value",
                        Path::hot};
constexpr Query kFindUser{"find_job_user", "SELECT no FROM job_users WHERE name = ?1", Path::hot};
constexpr Query kAddUser{"add_job_user", "INSERT INTO job_users (name, search) VALUES (?1, ?2) RETURNING no"};
constexpr Query kAddJob{"add_job",
                        R"(INSERT INTO jobs (id, user_no, "user", environment, branch, "commit", state, created_at,
                                             runs_waiting)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?8))",
                        Path::hot};
constexpr Query kAddRun{"add_run",
                        R"(INSERT INTO runs (job_id, place, scenario, path, attempt, expanded_from, state, reason,
                                             log_bytes, log_complete, report_url)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', '', 0, 0, ''))",
                        Path::hot};
constexpr Query kFindKey{"find_idempotency_key",
                         R"(SELECT job_id, request_digest, used_at FROM idempotency_keys
                            WHERE user_name = ?1 AND key = ?2)",
                         Path::hot};
constexpr Query kAddKey{"add_idempotency_key",
                        R"(INSERT INTO idempotency_keys (user_name, key, request_digest, job_id, used_at)
                           VALUES (?1, ?2, ?3, ?4, ?5))",
                        Path::hot};
constexpr Query kGet{"get_job", "SELECT " JOB_ROW_COLUMNS ", " JOB_PROGRESS_COLUMNS " FROM jobs WHERE id = ?1",
                     Path::hot};
constexpr Query kRuns{"runs_of_job", "SELECT " RUN_COLUMNS " FROM runs WHERE job_id = ?1 ORDER BY place", Path::hot};
constexpr Query kOpen{"open_jobs",
                      "SELECT " JOB_ROW_COLUMNS ", " JOB_PROGRESS_COLUMNS
                      " FROM jobs WHERE environment = ?1 AND phase <> 'closed' AND id > ?2 ORDER BY id LIMIT ?3"};
constexpr Query kPurge{"purge_job", "DELETE FROM jobs WHERE id = ?1"};
constexpr Query kOwner{"owner_of_job", "SELECT user_no FROM jobs WHERE id = ?1"};
constexpr Query kForgetUser{"forget_job_user",
                            R"(DELETE FROM job_users
                               WHERE no = ?1 AND NOT EXISTS (SELECT 1 FROM jobs WHERE user_no = ?1))"};
constexpr Query kAddTombstone{"add_purged_job",
                              "INSERT INTO purged_jobs (id, environment, purged_at) VALUES (?1, ?2, ?3)"};
constexpr Query kTombstone{"find_purged_job", "SELECT environment FROM purged_jobs WHERE id = ?1"};

struct UsedKey {
  std::int64_t job_id = 0;
  std::string request_digest;
  Time used_at{};
  TA_FIELDS(job_id, request_digest, used_at)
};

void checkRuns(const std::vector<RunRequest>& runs) {
  std::set<std::pair<std::string_view, std::int64_t>> seen;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string pointer = "/runs/" + std::to_string(i);
    if (runs[i].attempt < 1) throw Invalid("attempts count from 1", pointer + "/attempt");
    if (!seen.emplace(runs[i].scenario, runs[i].attempt).second) {
      throw Invalid("the scenario is named twice: " + runs[i].scenario, pointer);
    }
  }
}

std::int64_t userNumber(Connection& connection, const std::string& user) {
  const std::string key = nameKey(user);
  if (const auto number = connection.one<std::int64_t>(kFindUser, key)) return *number;
  return connection.only<std::int64_t>(kAddUser, key, searchText(user));
}

/// What the rows just written say, without reading them again.
Job asStored(std::int64_t id, const NewJob& request) {
  Job job;
  job.row.id = id;
  job.row.user = request.user;
  job.row.environment = request.environment;
  job.row.branch = request.branch;
  job.row.commit = request.commit;
  job.row.created_at = request.created_at;
  job.row.revision = 1;
  job.row.counts.waiting = static_cast<std::int64_t>(request.runs.size());
  job.runs.reserve(request.runs.size());
  for (const RunRequest& asked : request.runs) {
    Run& run = job.runs.emplace_back();
    run.scenario = asked.scenario;
    run.path = asked.path;
    run.attempt = asked.attempt;
    run.expanded_from = asked.expanded_from;
  }
  return job;
}

/// Of a job that is purged all that is left is the id.
Job purgedJob(Connection& connection, const SubmissionRequest& request, const UsedKey& used) {
  Job job;
  job.row.id = used.job_id;
  job.row.user = request.user;
  job.row.environment = connection.one<std::string>(kTombstone, used.job_id).value_or("");
  job.row.created_at = used.used_at;
  job.progress.intent = Intent::remove;
  job.progress.phase = Phase::closed;
  job.progress.deleted = true;
  return job;
}

}  // namespace

CreatedJob createJob(Connection& connection, const NewJob& request) {
  checkRuns(request.runs);
  CreatedJob before = findSubmission(connection, {request.user, request.idempotency_key, request.request_digest});
  if (before.creation != Creation::unknown) return before;
  const auto id = connection.only<std::int64_t>(kNextId);
  if (id > kLastId) throw Exhausted("all job ids up to " + std::to_string(kLastId) + " are used");

  connection.run(kAddJob, id, userNumber(connection, request.user), request.user, request.environment, request.branch,
                 request.commit, request.created_at, static_cast<std::int64_t>(request.runs.size()));
  std::int64_t place = 0;
  for (const RunRequest& run : request.runs) connection.run(kAddRun, id, place++, run);
  if (!request.idempotency_key.empty()) {
    connection.run(kAddKey, nameKey(request.user), request.idempotency_key, request.request_digest, id,
                   request.created_at);
  }
  Audit audit = request.audit;
  audit.subject = "job " + std::to_string(id);
  appendAudit(connection, audit);

  return {Creation::created, asStored(id, request)};
}

CreatedJob findSubmission(Connection& connection, const SubmissionRequest& request) {
  if (request.idempotency_key.empty()) return {};
  const auto used = connection.one<UsedKey>(kFindKey, nameKey(request.user), request.idempotency_key);
  if (!used) return {};
  if (used->request_digest != request.request_digest) return {Creation::mismatch, {}};
  const auto head = connection.one<JobHead>(kGet, used->job_id);
  if (!head) return {Creation::existing, purgedJob(connection, request, *used)};
  return {Creation::existing, {head->row, head->progress, runsOf(connection, used->job_id)}};
}

Job getJob(Connection& connection, const JobRequest& request) {
  const auto head = connection.one<JobHead>(kGet, request.id);
  if (!head || (head->progress.deleted && !request.with_deleted)) throwNoSuchJob(request.id);
  return {head->row, head->progress, runsOf(connection, request.id)};
}

Jobs openJobs(Connection& connection, const OpenJobsRequest& request) {
  checkLimit(request.limit, 10'000);
  Jobs open;
  for (const JobHead& head : connection.all<JobHead>(kOpen, request.environment, request.after, request.limit)) {
    open.jobs.push_back({head.row, head.progress, runsOf(connection, head.row.id)});
  }
  return open;
}

void purgeJob(Connection& connection, const JobRequest& request, Time now) {
  const auto head = connection.one<JobHead>(kGet, request.id);
  if (!head) return;
  if (!head->progress.deleted) {
    throw WrongState("job " + std::to_string(request.id) + " is not deleted, so it cannot be purged");
  }
  const auto owner = connection.only<std::int64_t>(kOwner, request.id);
  connection.run(kPurge, request.id);
  connection.run(kForgetUser, owner);
  connection.run(kAddTombstone, request.id, head->row.environment, now);
}

std::vector<Run> runsOf(Connection& connection, std::int64_t job) {
  return connection.all<Run>(kRuns, job);
}

void throwNoSuchJob(std::int64_t id) {
  throw NotFound("there is no job " + std::to_string(id));
}

const std::vector<const Query*>& jobQueries() {
  static const std::vector<const Query*> queries{&kNextId,  &kFindUser, &kAddUser,    &kAddJob,       &kAddRun,
                                                 &kFindKey, &kAddKey,   &kGet,        &kRuns,         &kOpen,
                                                 &kPurge,   &kOwner,    &kForgetUser, &kAddTombstone, &kTombstone};
  return queries;
}

}  // namespace testarena::sql
