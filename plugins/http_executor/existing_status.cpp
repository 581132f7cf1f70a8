// SPDX-License-Identifier: Apache-2.0
// Many jobs at once: whom to ask, in which order, and what the host is told.
#include <algorithm>
#include <utility>

#include <testarena/error.h>

#include "existing_executor.h"
#include "submission_check.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLogMayFollow = 5s;   // how long a verdict waits for its log
constexpr auto kAnswerTime = 500ms;  // what a call needs at its end
constexpr auto kLong = 1s;           // an answer that did not come in this time costs the others theirs

}  // namespace

StatusAnswer ExistingExecutor::status(const StatusRequest& request, Call& call) {
  // Of many jobs the queues are asked for with one request; where that does not work, each by itself.
  std::map<std::string, std::string> queues;
  const auto isOpen = [&](const JobRef& ref) {
    if (!isJobId(ref.job)) return false;
    const auto job = jobOf(ref.job);
    const std::lock_guard lock(job->mutex);
    return job->record && !hasEnded(*job->record);
  };
  if (std::count_if(request.jobs.begin(), request.jobs.end(), isOpen) > 1) {
    try {
      queues = list(call).value_or(queues);
    } catch (const Denied&) {
      throw;
    } catch (const Error& error) {
      if (call.cancelled()) throw;
      host_.debug(error.what());
    }
  }
  StatusAnswer answer;
  std::vector<std::shared_ptr<Job>> jobs;
  for (const JobRef& ref : request.jobs) {
    answer.jobs.emplace_back().job = ref.job;
    jobs.push_back(isJobId(ref.job) ? jobOf(ref.job) : nullptr);  // of others no server knows anything
  }
  std::optional<Error> trouble;
  bool anyHeard = false;
  int silences = 0;  // in a row
  for (const std::size_t i : inTurn(jobs)) {
    Job& job = *jobs[i];
    const std::string& id = request.jobs[i].job;
    const std::lock_guard lock(job.mutex);
    const auto begun = Clock::now();
    try {
      // After two long silences the others are told as they were, and asked the next time.
      if (silences >= 2) throw *trouble;
      if (call.remaining() < kAnswerTime) throw DeadlineExceeded("there was no time left to ask the server");
      const bool isKnown = ask(job, id, queues, call);
      job.trouble.clear();
      anyHeard = true;
      silences = 0;
      if (!isKnown) continue;  // `unknown`
    } catch (const Error& error) {
      // Of a job that is not known to have arrived nothing can be told but what the server says now.
      if (!isPassing(error) || !job.record || !job.record->accepted) throw;
      if (silences < 2) job.trouble = error.what();
      if (Clock::now() - begun >= kLong) ++silences;
      trouble = error;
    }
    answer.jobs[i] = tell(job, id);
  }
  if (!anyHeard && trouble) throwError(trouble->code(), trouble->what());
  return answer;
}

std::vector<std::size_t> ExistingExecutor::inTurn(const std::vector<std::shared_ptr<Job>>& jobs) {
  std::vector<std::pair<Steady, std::size_t>> turns;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (!jobs[i]) continue;
    const std::lock_guard lock(jobs[i]->mutex);
    turns.emplace_back(jobs[i]->askedAt, i);
  }
  std::sort(turns.begin(), turns.end());
  std::vector<std::size_t> order;
  for (const auto& turn : turns) order.push_back(turn.second);
  return order;
}

bool ExistingExecutor::ask(Job& job, const std::string& id, const std::map<std::string, std::string>& queues,
                           const Call& call) {
  if (job.record && hasEnded(*job.record)) return true;
  const auto listed = queues.find(profile_.queueOf(id));
  return refresh(job, id, listed != queues.end() ? std::optional(listed->second) : std::nullopt, call);
}

JobStatus ExistingExecutor::tell(Job& job, const std::string& id) {
  JobStatus told;
  told.job = id;
  told.state = State::in_progress;
  told.reason = job.trouble;
  if (!job.record) {
    // Known there, but not here: it was not this data folder that it was sent from.
    told.reason = "it was not submitted from this data folder: which scenarios it has is not known";
    if (job.queue == QueueState::waiting) told.state = State::waiting;
    if (job.queue == QueueState::finished) told.state = State::errored;
    if (job.queue == QueueState::aborted) told.state = State::aborted;
    return told;
  }
  JobRecord& record = *job.record;
  const JobRecord before = record;
  followLogs(job, id);
  bool allEnded = true;
  for (std::size_t i = 0; i < record.runs.size(); ++i) {
    RunRecord& run = record.runs[i];
    RunStatus& shown = told.runs.emplace_back(run.status);
    if (!testarena::hasEnded(run.status.state)) {
      allEnded = false;
      continue;
    }
    const auto since = job.endSeenAt.try_emplace(i, Clock::now()).first->second;
    run.end_told = run.end_told || run.log_settled || Clock::now() - since >= kLogMayFollow;
    if (run.end_told) {
      if (profile_.report.isSet() && run.status.started_at)
        shown.report_url = profile_.report.fill(valuesOf(record, i));
      continue;
    }
    allEnded = false;
    shown.state = shown.started_at ? State::in_progress : State::waiting;
    shown.reason.clear();
    shown.finished_at.reset();
  }
  told.log_bytes = record.own.status.log_bytes;
  if (allEnded) {
    told.state = verdictOf(told.runs);
    told.reason.clear();
  } else {
    const auto waits = [](const RunStatus& run) { return run.state == State::waiting; };
    if (std::all_of(told.runs.begin(), told.runs.end(), waits)) told.state = State::waiting;
    const bool ending = hasEnded(record);
    told.next_poll = ending ? std::min<std::chrono::milliseconds>(100ms, profile_.settings.poll_interval)
                            : profile_.settings.poll_interval;
  }
  if (record != before) book_.save(record);
  return told;
}

}  // namespace testarena::http_executor
