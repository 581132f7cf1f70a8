// SPDX-License-Identifier: Apache-2.0
#include "job_record.h"

#include <algorithm>

#include <testarena/error.h>

namespace testarena::http_executor {

bool hasEnded(const JobRecord& record) {
  return std::all_of(record.runs.begin(), record.runs.end(),
                     [](const RunRecord& run) { return testarena::hasEnded(run.status.state); });
}

State verdictOf(const std::vector<RunStatus>& runs) {
  State worst = State::passed;
  for (const RunStatus& run : runs) {
    if (run.state == State::aborted) worst = State::aborted;
    if (run.state == State::errored && worst != State::aborted) worst = State::errored;
    if (run.state == State::failed && worst == State::passed) worst = State::failed;
  }
  return worst;
}

JobRecord newRecord(const Submission& submission) {
  JobRecord record;
  record.submission = submission;
  for (const RunRequest& run : submission.runs) {
    RunStatus& status = record.runs.emplace_back().status;
    status.scenario = run.scenario;
    status.attempt = run.attempt;
    status.path = run.path;
    status.expanded_from = run.expanded_from;
    status.state = State::waiting;
  }
  return record;
}

std::size_t indexOf(const JobRecord& record, const std::string& scenario, int64_t attempt) {
  for (std::size_t i = 0; i < record.runs.size(); ++i) {
    const RunStatus& run = record.runs[i].status;
    if (run.scenario == scenario && run.attempt == attempt) return i;
  }
  throw NotFound("job " + record.submission.job + " has no such run");
}

}  // namespace testarena::http_executor
