// SPDX-License-Identifier: Apache-2.0
// Dispatcher: what is seen of all that the executor has.
#include <algorithm>

#include <testarena/error.h>

#include "dispatcher.h"

namespace testarena::runner {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kQuickest = 100ms;  // between two looks at the executor's jobs
constexpr milliseconds kSlowest = 5s;      // where nobody tells of changes
constexpr milliseconds kSafetyNet = 20s;   // where somebody does
constexpr milliseconds kBelievedMissing = 5s;

/// Log sizes grow all the time, and an executor can be asked for them again.
bool differsInMoreThanSizes(JobStatus before, JobStatus after) {
  for (JobStatus* status : {&before, &after}) {
    status->next_poll = 0ms;
    if (!hasEnded(status->state)) status->log_bytes = 0;
    for (RunStatus& run : status->runs) {
      if (!hasEnded(run.state)) run.log_bytes = 0;
    }
  }
  return before != after;
}

/// An end that was told stays, whatever the executor says later.
JobStatus withoutStepsBack(const JobStatus& before, JobStatus now) {
  std::map<std::pair<std::string_view, int64_t>, const RunStatus*> ended;
  for (const RunStatus& run : before.runs) {
    if (hasEnded(run.state)) ended.emplace(std::pair(std::string_view(run.scenario), run.attempt), &run);
  }
  for (RunStatus& run : now.runs) {
    const auto found = ended.find({run.scenario, run.attempt});
    if (found != ended.end()) run = *found->second;
  }
  return now;
}

}  // namespace

/// Asks for the state of all that the executor has and that has not ended.
void Dispatcher::poll() {
  const Steady now = clock_.steady();
  StatusRequest request;
  int64_t most = 1;
  bool toldOfChanges = false;
  {
    const std::lock_guard lock(mutex_);
    if (!capabilities_) return;
    if (!look_ && now < nextPoll_) return;
    most = std::max<int64_t>(1, capabilities_->max_batch);
    toldOfChanges = capabilities_->wait_changes;
    pollInterval_ = look_ ? kQuickest : std::min<milliseconds>(pollInterval_ * 2, kSlowest);
    look_ = false;
  }
  missing_ = false;
  std::vector<JobRef> jobs;
  table_.forEachOpen([&](const Queue& queue) {
    if (queue.progress.phase == Phase::accepted && !queue.progress.removal_asked) {
      jobs.push_back({queue.id(), queue.progress.handle});
    }
  });
  for (std::size_t begin = 0; begin < jobs.size() && !stopping_; begin += static_cast<std::size_t>(most)) {
    const std::size_t end = std::min(jobs.size(), begin + static_cast<std::size_t>(most));
    request.jobs.assign(jobs.begin() + static_cast<std::ptrdiff_t>(begin),
                        jobs.begin() + static_cast<std::ptrdiff_t>(end));
    try {
      Call limit = call(kCallLimit);
      const StatusAnswer answer = executor_.status(request, limit);
      if (answer.jobs.size() != request.jobs.size()) throw Internal("the executor answered for other jobs than asked");
      for (std::size_t i = 0; i < answer.jobs.size(); ++i) {
        const JobStatus& seen = answer.jobs[i];
        if (seen.job != request.jobs[i].job) {  // one wrong answer must not spoil the others
          log_.warning("queue {}: the executor answered for '{}' instead", request.jobs[i].job, seen.job);
          missing_ = true;
        } else if (observe(seen)) {
          pollInterval_ = kQuickest;
        }
      }
    } catch (const std::exception& error) {
      if (stopping_) return;
      log_.warning("the state of the queues was not read, asked again: {}", error.what());
      nextPoll_ = clock_.steady() + 1s;
      return;
    }
  }
  nextPoll_ = now + (jobs.empty() ? kIdle : toldOfChanges && !missing_ ? kSafetyNet : pollInterval_);
}

/// True if it is not as it was.
bool Dispatcher::observe(const JobStatus& seen) {
  if (seen.state == State::unknown) {
    // Once may be an executor that has just begun; for long it is a loss that a person has to know of.
    {
      const std::lock_guard lock(mutex_);
      Pace& pace = paces_[seen.job];
      if (!pace.missingSince) pace.missingSince = clock_.steady();
      if (clock_.steady() - *pace.missingSince < kBelievedMissing) {
        missing_ = true;
        return false;
      }
    }
    endErrored(seen.job, "the executor does not know this queue any more");
    return true;
  }
  {
    const std::lock_guard lock(mutex_);
    paces_[seen.job].missingSince.reset();
  }
  bool changed = false;
  table_.update(seen.job, [&](Queue& queue) {
    if (queue.progress.phase != Phase::accepted) return QueueTable::Write::nothing;
    JobStatus now = withoutStepsBack(queue.progress.status, completed(queue, seen));
    if (now == queue.progress.status) return QueueTable::Write::nothing;
    const bool durable = differsInMoreThanSizes(queue.progress.status, now);
    changed = durable;
    queue.progress.status = std::move(now);
    if (hasEnded(queue.progress.status.state)) queue.progress.phase = Phase::ended;
    return durable ? QueueTable::Write::disk : QueueTable::Write::memory;
  });
  return changed;
}

}  // namespace testarena::runner
