// SPDX-License-Identifier: Apache-2.0
#include "status.h"

#include <algorithm>
#include <sys/stat.h>

#include "log_file.h"

namespace testarena::local_executor {
namespace {

std::optional<Time> timeOf(std::optional<int64_t> microseconds) {
  if (!microseconds) return std::nullopt;
  return Time(std::chrono::microseconds(*microseconds));
}

RunStatus statusOf(const Job& job, const Run& run) {
  RunStatus status;
  status.scenario = run.plan.request.scenario;
  status.attempt = run.plan.request.attempt;
  status.expanded_from = run.plan.request.expanded_from;
  status.path = run.plan.request.path;
  status.state = job.stateOf(run);
  status.reason = job.reasonOf(run);
  status.started_at = timeOf(run.startedAt);
  if (run.result) {
    status.started_at = timeOf(run.result->started_at_us);
    status.finished_at = timeOf(run.result->finished_at_us);
    status.log_bytes = run.result->log_bytes;
    if (run.result->ending == Ending::exited) status.exit_code = run.result->exit_code;
  }
  return status;
}

}  // namespace

JobStatus statusOf(const Job& job) {
  JobStatus status;
  status.job = job.id();
  status.state = job.state();
  status.reason = job.reason();
  if (job.setupResult) status.log_bytes = job.setupResult->log_bytes;
  for (const Run& run : job.runs()) {
    if (run.isTold()) status.runs.push_back(statusOf(job, run));
  }
  return status;
}

JobStatus unknownJob(const std::string& job) {
  JobStatus status;
  status.job = job;
  status.state = State::unknown;
  return status;
}

void addLogSizes(JobStatus& status, const JobTable& jobs) {
  if (hasEnded(status.state) || status.state == State::unknown) return;
  const auto sizeOf = [&](const std::string& scenario, int64_t attempt) {
    LogRequest request;
    request.scenario = scenario;
    request.attempt = attempt;
    // Meanwhile the job may have been removed, and a lister's own run replaced by the tests that it found.
    const LogPlace place = jobs.look(status.job, [&](const Job* job) {
      const bool isThere = job != nullptr && (scenario.empty() || job->find(scenario, attempt) != nullptr);
      return isThere ? placeOfLog(job, request) : LogPlace();
    });
    struct stat found = {};
    return !place.file.empty() && stat(place.file.c_str(), &found) == 0 ? found.st_size : 0;
  };
  status.log_bytes = std::max(status.log_bytes, sizeOf("", 1));
  for (RunStatus& run : status.runs) {
    if (run.state == State::in_progress) run.log_bytes = std::max(run.log_bytes, sizeOf(run.scenario, run.attempt));
  }
}

void countSlots(const Job& job, Health& health) {
  health.slots_used += static_cast<int64_t>(job.activeCount());
  if (job.hasEnded()) return;
  for (const Run& run : job.runs()) health.queued += run.isTold() && job.stateOf(run) == State::waiting ? 1 : 0;
}

}  // namespace testarena::local_executor
