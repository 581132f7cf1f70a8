// SPDX-License-Identifier: Apache-2.0
// What this plugin must not forget of a job: which task runs which scenario, and the ends that it has told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <testarena/executor.h>

namespace testarena::http_executor {

struct RunRecord {
  RunStatus status;
  bool abort_asked = false;
  bool log_settled = false;  ///< the log is here whole, or will never be: `status.log_bytes` is final
  bool end_told = false;     ///< the host has heard of the end
  std::string log_problem;   ///< why the log is not whole
  TA_FIELDS(status, abort_asked, log_settled, end_told, log_problem)
};

struct JobRecord {
  Submission submission;
  bool accepted = false;  ///< by the server, for certain
  bool abort_asked = false;
  std::vector<RunRecord> runs;  ///< in the order of the submission: the n-th is the task <queue>-<n+1>
  RunRecord own;  ///< the log of the job itself, where the server has one; of `status` only log_bytes counts
  TA_FIELDS(submission, accepted, abort_asked, runs, own)
};

JobRecord newRecord(const Submission& submission);

bool hasEnded(const JobRecord& record);

/// The place of a run in the record. Throws NotFound.
std::size_t indexOf(const JobRecord& record, const std::string& scenario, int64_t attempt);

/// Of a job whose runs have all ended, as the host concludes it.
State verdictOf(const std::vector<RunStatus>& runs);

}  // namespace testarena::http_executor
