// SPDX-License-Identifier: Apache-2.0
// Logs of an existing server, from where LogFetcher has put them.
#include <algorithm>

#include <testarena/error.h>

#include "existing_executor.h"
#include "queue_form.h"
#include "submission_check.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kReadAgain = 250ms;  // how often a reader makes us ask for the state
constexpr int64_t kMostOfALog = int64_t{4} << 20;
constexpr const char* kOwnLog = "job";

std::string logName(std::size_t index) {
  return std::to_string(index + 1);
}

}  // namespace

UrlValues ExistingExecutor::valuesOf(const JobRecord& record, std::size_t index) const {
  const std::string queue = profile_.queueOf(record.submission.job);
  if (index >= record.runs.size()) return {queue, "", "", "", 1};
  const RunStatus& run = record.runs[index].status;
  return {queue, taskOf(queue, index), run.scenario, run.path.empty() ? run.scenario : run.path, run.attempt};
}

std::string ExistingExecutor::logUrl(const JobRecord& record, std::size_t index) const {
  return profile_.log.fill(valuesOf(record, index));
}

void ExistingExecutor::followLogs(Job& job, const std::string& id) {
  JobRecord& record = *job.record;
  const bool perRun = profile_.log.isSet() && profile_.log.isPerRun();
  const bool perJob = profile_.log.isSet() && !perRun;
  for (std::size_t i = 0; i < record.runs.size(); ++i) {
    RunRecord& run = record.runs[i];
    const bool runEnded = testarena::hasEnded(run.status.state);
    if (run.log_settled || (!runEnded && !run.status.started_at)) continue;
    // Between two questions a task may have begun, written and been aborted.
    const Written written = run.status.started_at ? Written::certainly : Written::perhaps;
    if (perRun) {
      followLog(run, id, logName(i), logUrl(record, i), runEnded, written);
    } else if (runEnded && !perJob) {
      run.log_settled = true;  // there is none
    }
  }
  if (perJob && !record.own.log_settled) {
    followLog(record.own, id, kOwnLog, logUrl(record, record.runs.size()), hasEnded(record), Written::certainly);
  } else if (!perJob && hasEnded(record)) {
    record.own.log_settled = true;
  }
  if (!perJob || !record.own.log_settled) return;
  for (RunRecord& run : record.runs) run.log_settled = true;
}

void ExistingExecutor::followLog(RunRecord& run, const std::string& job, const std::string& name,
                                 const std::string& url, bool hasEnded, Written written) {
  const LogState state = logs_.want(job, name, url, hasEnded, written);
  run.status.log_bytes = std::max(run.status.log_bytes, state.bytes);
  run.log_settled = state.settled;
  run.log_problem = state.problem;
}

LogPart ExistingExecutor::partOf(const LogRequest& request, const RunRecord& run, const std::string& name,
                                 bool hasEnded) const {
  LogPart part;
  std::string data = logs_.read(request.job, name, request.offset, std::min(request.limit, kMostOfALog));
  const int64_t size = logs_.sizeOf(request.job, name);
  const bool reachesEnd = request.offset >= size || request.offset + static_cast<int64_t>(data.size()) >= size;
  if (hasEnded && run.log_settled && reachesEnd) {
    if (data.empty() && !run.log_problem.empty()) throw OutOfRange(run.log_problem);
    part.complete = run.log_problem.empty();
  }
  part.data = Bytes(std::move(data));
  return part;
}

LogPart ExistingExecutor::read_log(const LogRequest& request, Call& call) {
  if (request.offset < 0) throw Invalid("an offset is not negative", "/offset");
  if (request.limit < 1) throw Invalid("a limit is at least 1", "/limit");
  checkJobId(request.job);
  const auto job = jobOf(request.job);
  const std::lock_guard lock(job->mutex);
  if (!job->record) throw NotFound("job " + request.job + " is not known here");
  JobRecord& record = *job->record;
  const bool isOwn = request.scenario.empty();
  const std::size_t index = isOwn ? 0 : indexOf(record, request.scenario, request.attempt);
  if (!hasEnded(record) && Clock::now() - job->askedAt >= kReadAgain) {
    try {
      refresh(*job, request.job, std::nullopt, call);
    } catch (const Error& error) {
      if (!isPassing(error)) throw;  // what is here already can be read all the same
    }
  }
  const JobRecord before = record;
  followLogs(*job, request.job);
  if (record != before) book_.save(record);
  if (isOwn) return partOf(request, record.own, kOwnLog, hasEnded(record));
  return partOf(request, record.runs[index], logName(index), testarena::hasEnded(record.runs[index].status.state));
}

}  // namespace testarena::http_executor
