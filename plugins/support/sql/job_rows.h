// SPDX-License-Identifier: Apache-2.0
// Columns in the order of the records' fields. Macros, because statements are put together from literals.
#pragma once

#include <testarena/storage.h>

#define JOB_ROW_COLUMNS                                                                                           \
  "id, \"user\", environment, branch, \"commit\", state, reason, created_at, started_at, finished_at, revision, " \
  "runs_waiting, runs_in_progress, runs_passed, runs_failed, runs_skipped, runs_errored, runs_aborted"

#define JOB_PROGRESS_COLUMNS "intent, phase, handle, sent_at, send_attempts, log_bytes, log_complete, deleted"

#define RUN_COLUMNS                                                                                        \
  "scenario, path, attempt, expanded_from, state, reason, started_at, finished_at, exit_code, log_bytes, " \
  "log_complete, report_url"

namespace testarena::sql {

/// A job without its runs: JOB_ROW_COLUMNS and JOB_PROGRESS_COLUMNS.
struct JobHead {
  JobRow row;
  JobProgress progress;
  TA_FIELDS(row, progress)
};

/// The count that a run in this state belongs to. `state` is not `unknown`.
inline std::int64_t& countOf(RunCounts& counts, State state) {
  switch (state) {
    case State::in_progress:
      return counts.in_progress;
    case State::passed:
      return counts.passed;
    case State::failed:
      return counts.failed;
    case State::skipped:
      return counts.skipped;
    case State::errored:
      return counts.errored;
    case State::aborted:
      return counts.aborted;
    case State::waiting:
    case State::unknown:
      break;
  }
  return counts.waiting;
}

}  // namespace testarena::sql
