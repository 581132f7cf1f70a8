// SPDX-License-Identifier: Apache-2.0
#include "job_changes.h"

#include "audit_log.h"
#include "jobs.h"

namespace testarena::sql {
namespace {

constexpr Query kLock{"lock_job",
                      "SELECT " JOB_ROW_COLUMNS ", " JOB_PROGRESS_COLUMNS " FROM jobs WHERE id = ?1 /*for update*/",
                      Path::hot};
constexpr Query kUpdate{"update_job",
                        R"(UPDATE jobs
                           SET revision = ?2, state = ?3, reason = ?4, started_at = ?5, finished_at = ?6,
                               phase = ?7, handle = ?8, sent_at = ?9, send_attempts = ?10, log_bytes = ?11,
                               log_complete = ?12, runs_waiting = ?13, runs_in_progress = ?14, runs_passed = ?15,
                               runs_failed = ?16, runs_skipped = ?17, runs_errored = ?18, runs_aborted = ?19
                           WHERE id = ?1)",
                        Path::hot};
constexpr Query kSetIntent{"set_intent",
                           R"(UPDATE jobs SET revision = ?2, intent = ?3, phase = ?4, reason = ?5, deleted = ?6
                              WHERE id = ?1)"};
constexpr Query kRunState{"state_of_run", "SELECT state FROM runs WHERE job_id = ?1 AND scenario = ?2 AND attempt = ?3",
                          Path::hot};
constexpr Query kDropRun{"drop_run", "DELETE FROM runs WHERE job_id = ?1 AND scenario = ?2 AND attempt = ?3"};
constexpr Query kNextPlace{"next_place_of_run", "SELECT coalesce(max(place), -1) + 1 FROM runs WHERE job_id = ?1"};
constexpr Query kInsertRun{"insert_run",
                           "INSERT INTO runs (job_id, place, " RUN_COLUMNS
                           ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                           Path::hot};
constexpr Query kUpdateRun{"update_run",
                           R"(UPDATE runs
                              SET path = ?3, expanded_from = ?5, state = ?6, reason = ?7, started_at = ?8,
                                  finished_at = ?9, exit_code = ?10, log_bytes = ?11, log_complete = ?12, report_url = ?13
                              WHERE job_id = ?1 AND scenario = ?2 AND attempt = ?4)",
                           Path::hot};

JobHead lock(Connection& connection, std::int64_t id) {
  auto head = connection.one<JobHead>(kLock, id);
  if (!head) throwNoSuchJob(id);
  return *std::move(head);
}

/// The state that follows: an end stays what it is, and `unknown` is no news.
State follow(State was, State told, const std::string& who) {
  if (told == State::unknown || told == was) return was;
  if (hasEnded(was)) {
    throw WrongState(who + " has ended as " + std::string(enumName(was)) + ", it cannot become " +
                     std::string(enumName(told)));
  }
  return told;
}

/// Writes the runs of one update and keeps the counts.
class RunWriter {
 public:
  RunWriter(Connection& connection, std::int64_t job, RunCounts& counts)
      : connection_(connection), job_(job), counts_(counts) {}

  void drop(const RunRequest& run) {
    const auto was = connection_.one<State>(kRunState, job_, run.scenario, run.attempt);
    if (!was) return;
    connection_.run(kDropRun, job_, run.scenario, run.attempt);
    --countOf(counts_, *was);
  }

  void write(Run run) {
    const auto was = connection_.one<State>(kRunState, job_, run.scenario, run.attempt);
    const std::string who =
        "run " + run.scenario + " (attempt " + std::to_string(run.attempt) + ") of job " + std::to_string(job_);
    run.state = follow(was.value_or(State::waiting), run.state, who);
    if (was) {
      connection_.run(kUpdateRun, job_, run);
      --countOf(counts_, *was);
    } else {
      if (!place_) place_ = connection_.only<std::int64_t>(kNextPlace, job_);
      connection_.run(kInsertRun, job_, (*place_)++, run);
    }
    ++countOf(counts_, run.state);
  }

 private:
  Connection& connection_;
  const std::int64_t job_;
  RunCounts& counts_;
  std::optional<std::int64_t> place_;
};

bool wasEverSent(const JobProgress& progress) {
  return progress.sent_at || progress.send_attempts > 0 || !progress.handle.empty();
}

}  // namespace

JobRevision updateJob(Connection& connection, const JobUpdate& update) {
  if (update.progress.phase == Phase::unknown) throw Invalid("`unknown` is not a phase", "/progress/phase");
  if (update.state == State::skipped) throw Invalid("a job is never skipped, only its runs are", "/state");
  const JobHead was = lock(connection, update.id);
  const std::string who = "job " + std::to_string(update.id);
  if (was.row.revision != update.revision) {
    throw Conflict(who + " has revision " + std::to_string(was.row.revision) +
                   ", the change was computed from revision " + std::to_string(update.revision) + ": read it again");
  }
  const State state = follow(was.row.state, update.state, who);

  RunCounts counts = was.row.counts;
  RunWriter runs(connection, update.id, counts);
  for (const RunRequest& run : update.obsolete) runs.drop(run);
  for (const Run& run : update.runs) runs.write(run);

  const JobProgress& to = update.progress;
  const JobRevision answer{was.row.revision + 1};
  connection.run(kUpdate, update.id, answer.revision, state, update.reason, update.started_at, update.finished_at,
                 to.phase, to.handle, to.sent_at, to.send_attempts, to.log_bytes, to.log_complete, counts);
  return answer;
}

IntentAnswer requestIntent(Connection& connection, const IntentRequest& request) {
  if (request.intent != Intent::abort && request.intent != Intent::remove) {
    throw Invalid("the intent must be abort or remove", "/intent");
  }
  JobHead head = lock(connection, request.id);
  JobProgress& progress = head.progress;
  const bool abortIsLate =
      request.intent == Intent::abort && (hasEnded(head.row.state) || progress.intent == Intent::remove);
  if (progress.intent == request.intent || abortIsLate) {
    return {false, {head.row, progress, runsOf(connection, request.id)}};
  }
  progress.intent = request.intent;
  if (request.intent == Intent::remove) {
    progress.deleted = true;
    if (progress.phase == Phase::closed) progress.phase = wasEverSent(progress) ? Phase::cleaning : Phase::unsent;
  }
  if (!request.reason.empty()) head.row.reason = request.reason;
  ++head.row.revision;
  connection.run(kSetIntent, request.id, head.row.revision, progress.intent, progress.phase, head.row.reason,
                 progress.deleted);
  appendAudit(connection, request.audit);
  return {true, {head.row, progress, runsOf(connection, request.id)}};
}

const std::vector<const Query*>& jobChangeQueries() {
  static const std::vector<const Query*> queries{&kLock,    &kUpdate,    &kSetIntent, &kRunState,
                                                 &kDropRun, &kNextPlace, &kInsertRun, &kUpdateRun};
  return queries;
}

}  // namespace testarena::sql
