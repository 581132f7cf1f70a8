// SPDX-License-Identifier: Apache-2.0
// Everything but submissions, states and logs, which have files of their own beside this one.
#include "existing_executor.h"

#include <thread>

#include <testarena/error.h>

#include "queue_form.h"
#include "submission_check.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int64_t kMaxBatch = 50;
constexpr auto kAbortTakes = 20s;    // some workers are dead: their queues stay "Running" for ever
constexpr auto kAnswerTime = 500ms;  // what a call needs at its end

}  // namespace

ExistingExecutor::ExistingExecutor(const Profile& profile, Remote& remote, const Host& host)
    : profile_(profile),
      host_(host),
      server_(profile, remote),
      book_(profile.folder / "jobs"),
      logs_(profile, remote) {}

ExecutorCapabilities ExistingExecutor::capabilities(const CapabilitiesRequest&, Call&) {
  ExecutorCapabilities can;
  can.idempotency = Idempotency::c2;
  can.in_flight = profile_.settings.in_flight;
  can.max_batch = kMaxBatch;
  can.pins_commit = false;  // it runs whatever the branch has become
  can.abort_run = true;
  return can;
}

std::shared_ptr<ExistingExecutor::Job> ExistingExecutor::jobOf(const std::string& id, Keep keep) {
  const std::lock_guard lock(mutex_);
  if (const auto known = jobs_.find(id); known != jobs_.end()) return known->second;
  const auto job = std::make_shared<Job>();
  job->record = book_.load(id);
  if (job->record || keep == Keep::always) jobs_.emplace(id, job);
  return job;
}

void ExistingExecutor::drop(const std::string& id) {
  book_.forget(id);
  logs_.forget(id);
  const std::lock_guard lock(mutex_);
  jobs_.erase(id);
}

bool ExistingExecutor::knows(const std::string& id, const Call& call) {
  const std::string queue = profile_.queueOf(id);
  if (server_.queue(queue, call)) return true;
  confirmUnknown(queue, call);
  return false;
}

std::optional<std::map<std::string, std::string>> ExistingExecutor::list(const Call& call) {
  if (listIsTooLong_) return std::nullopt;
  try {
    return server_.queues(call);
  } catch (const Exhausted& error) {
    listIsTooLong_ = true;
    host_.warning(std::string(error.what()) +
                  ": jobs are asked for one by one from now on; delete old ones on the server");
    return std::nullopt;
  }
}

void ExistingExecutor::confirmUnknown(const std::string& queue, const Call& call) {
  const auto queues = list(call);
  if (queues && queues->count(queue) > 0) {
    throw Unavailable("the server answers 404 to a question about " + queue + ", but has it in its list");
  }
}

None ExistingExecutor::abort(const JobRef& ref, Call& call) {
  checkJobId(ref.job);
  const auto job = jobOf(ref.job);
  const std::lock_guard lock(job->mutex);
  if (job->record && hasEnded(*job->record)) return {};
  bool isKnown = false;
  try {
    isKnown = server_.abort(profile_.queueOf(ref.job), call);
  } catch (const Unavailable&) {
    // What a server answers to an abort of what has ended is written nowhere.
    if (!job->record || !refresh(*job, ref.job, std::nullopt, call) || !hasEnded(*job->record)) throw;
    return {};
  }
  if (!isKnown) throw NotFound("job " + ref.job + " is not known to the server");
  job->abortedAt = Clock::now();
  if (job->record && !job->record->abort_asked) {
    job->record->abort_asked = true;
    book_.save(*job->record);
  }
  return {};
}

None ExistingExecutor::abort_run(const RunRef& ref, Call& call) {
  checkJobId(ref.job);
  const auto job = jobOf(ref.job);
  const std::lock_guard lock(job->mutex);
  if (!job->record) throw NotFound("job " + ref.job + " is not known here");
  const std::size_t index = indexOf(*job->record, ref.scenario, ref.attempt);
  RunRecord& run = job->record->runs[index];
  if (testarena::hasEnded(run.status.state)) return {};
  try {
    if (!server_.abort(taskOf(profile_.queueOf(ref.job), index), call)) {
      throw NotFound("job " + ref.job + " has no such run on the server");
    }
  } catch (const Unavailable&) {
    if (!refresh(*job, ref.job, std::nullopt, call) || !testarena::hasEnded(run.status.state)) throw;
    return {};
  }
  if (!run.abort_asked) {
    run.abort_asked = true;
    book_.save(*job->record);
  }
  return {};
}

None ExistingExecutor::remove(const JobRef& ref, Call& call) {
  checkJobId(ref.job);
  const auto job = jobOf(ref.job);
  const std::lock_guard lock(job->mutex);
  const std::string queue = profile_.queueOf(ref.job);
  const auto isOpen = [&] {
    const auto status = server_.queue(queue, call);
    if (!status) return false;
    const QueueState state = queueStateOf(*status->word("status"));
    return state == QueueState::waiting || state == QueueState::running;
  };
  // A server pulls the folder away under a running worker: it is ended first.
  if (!(job->record && hasEnded(*job->record)) && isOpen()) {
    server_.abort(queue, call);
    if (!job->abortedAt) job->abortedAt = Clock::now();
    while (isOpen() && Clock::now() - *job->abortedAt < kAbortTakes) {
      if (call.remaining() < kAnswerTime) throw Unavailable("job " + ref.job + " was aborted, but still runs");
      std::this_thread::sleep_for(100ms);
    }
  }
  if (!server_.remove(queue, call)) confirmUnknown(queue, call);
  drop(ref.job);
  job->record.reset();
  return {};
}

Health ExistingExecutor::health(const HealthRequest&, Call& call) {
  Health health;
  if (const auto queues = list(call)) {
    for (const auto& [id, word] : *queues) {
      if (queueStateOf(word) == QueueState::waiting) ++health.queued;
    }
  } else {
    server_.queue(profile_.queueOf("0"), call);  // any answer will do
  }
  health.state = HealthState::ok;
  return health;
}

}  // namespace testarena::http_executor
