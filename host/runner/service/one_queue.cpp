// SPDX-License-Identifier: Apache-2.0
// Dispatcher: what is done for one queue.
#include <algorithm>

#include <testarena/error.h>

#include "dispatcher.h"
#include "refusal.h"
#include "trace.h"

namespace testarena::runner {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kLongestPause = 10s;

milliseconds pauseAfter(int failures) {
  return std::min<milliseconds>(kLongestPause, 100ms * (1 << std::min(failures, 10)));
}

}  // namespace

void Dispatcher::act(const std::string& id) {
  const TraceScope trace(id);
  const std::optional<Queue> queue = table_.findAny(id);
  std::string problem;
  try {
    if (queue) doNext(*queue);
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (!problem.empty() && !stopping_) showProblem(id, problem);
  const std::lock_guard lock(mutex_);
  if (!queue || !table_.findAny(id)) {
    paces_.erase(id);
    return;
  }
  Pace& pace = paces_[id];
  pace.inHand = false;
  if (problem.empty()) {
    pace.failures = 0;
    return;
  }
  ++pace.failures;
  pace.notBefore = clock_.steady() + pauseAfter(pace.failures);
  if (!stopping_) log_.warning("queue {}: tried again: {} (attempt {})", id, problem, pace.failures);
}

/// So that whoever looks at the queue sees why it waits. Memory is enough: after a restart it is found out again.
void Dispatcher::showProblem(const std::string& id, const std::string& problem) {
  table_.update(id, [&](Queue& queue) {
    const Phase phase = queue.progress.phase;
    const bool waits = phase == Phase::waiting || phase == Phase::sending;
    if (!waits || queue.progress.status.reason == problem) return QueueTable::Write::nothing;
    queue.progress.status.reason = problem;
    return QueueTable::Write::memory;
  });
}

void Dispatcher::doNext(const Queue& queue) {
  const Progress& progress = queue.progress;
  if (progress.removal_asked) return remove(queue);
  if (progress.phase == Phase::waiting) return send(queue.id(), false);
  if (progress.phase == Phase::sending) return recover(queue);
  if (progress.phase == Phase::accepted && progress.abort_asked) return abort(queue);
  if (progress.phase == Phase::accepted) return abortTasks(queue);
}

/// Durable before the first byte leaves.
bool Dispatcher::markSending(const std::string& id, Queue& marked) {
  bool done = false;
  table_.update(id, [&](Queue& queue) {
    Progress& progress = queue.progress;
    if (progress.phase == Phase::waiting) progress.left_out = progress.aborted_tasks;
    const bool waits = progress.phase == Phase::waiting || progress.phase == Phase::sending;
    if (!waits || progress.abort_asked || progress.removal_asked) return QueueTable::Write::nothing;
    progress.phase = Phase::sending;
    progress.sending_since = clock_.now();
    marked = queue;
    done = true;
    return QueueTable::Write::disk;
  });
  return done;
}

void Dispatcher::send(const std::string& id, bool again) {
  Queue queue;
  if (!markSending(id, queue)) return;
  try {
    Call limit = call(kCallLimit);
    accept(id, executor_.submit(submissionOf(queue), limit).handle);
  } catch (const Error& error) {
    if (!provesNotTaken(error.code(), again)) {
      // It may have left at any moment of the call: the time that it can be under way counts from its end.
      table_.update(id, [&](Queue& sent) {
        sent.progress.sending_since = clock_.now();
        return QueueTable::Write::disk;
      });
      throw;
    }
    endErrored(id, std::string("the executor refused it: ") + error.what());
  }
}

void Dispatcher::accept(const std::string& id, const std::string& handle) {
  table_.update(id, [&](Queue& queue) {
    queue.progress.phase = Phase::accepted;
    queue.progress.handle = handle;
    queue.progress.was_taken = true;
    queue.progress.sending_since.reset();
    return QueueTable::Write::disk;
  });
  const std::lock_guard lock(mutex_);
  look_ = true;
}

/// It was sent, and what became of that is not known: the answer was lost, or the runner ended before it came.
void Dispatcher::recover(const Queue& queue) {
  const ExecutorCapabilities can = capabilities();
  if (can.idempotency == Idempotency::c3) {
    if (!queue.progress.abort_asked) return send(queue.id(), true);
    return giveUp(queue);
  }
  if (can.idempotency != Idempotency::c1 && can.idempotency != Idempotency::c2) {
    return endErrored(queue.id(),
                      "it is not known whether the executor has taken this queue, and this executor cannot be asked");
  }
  Call limit = call(kCallLimit);
  const StatusAnswer answer = executor_.status({{{queue.id(), queue.progress.handle}}}, limit);
  // Silence about the job is no answer: taken for "not known", it would be sent a second time.
  if (answer.jobs.empty() || answer.jobs.front().job != queue.id()) {
    throw Unavailable("the executor's status says nothing of " + queue.id());
  }
  if (answer.jobs.front().state != State::unknown) return accept(queue.id(), {});
  if (const milliseconds left = inFlight(queue, can); left > 0ms) {
    const std::lock_guard lock(mutex_);
    paces_[queue.id()].notBefore = clock_.steady() + left;
    return;
  }
  if (queue.progress.abort_asked) return endAborted(queue.id());
  send(queue.id(), false);  // whatever was under way has landed, and it is not there
}

/// How long a request to the executor may still be under way.
milliseconds Dispatcher::inFlight(const Queue& queue, const ExecutorCapabilities& can) const {
  if (can.idempotency == Idempotency::c3 || !queue.progress.sending_since) return 0ms;
  const auto gone = std::chrono::floor<milliseconds>(clock_.now() - *queue.progress.sending_since);
  // A clock that was set back must not make it wait longer than that.
  return std::clamp<milliseconds>(can.in_flight - gone, 0ms, can.in_flight);
}

/// Its end was asked for while it was on its way to an executor that refuses what it was told to forget.
void Dispatcher::giveUp(const Queue& queue) {
  const JobRef ref{queue.id(), queue.progress.handle};
  try {
    Call limit = call(kCallLimit);
    executor_.abort(ref, limit);
    return accept(queue.id(), {});  // it has it: how that ends is seen by asking
  } catch (const NotFound&) {
    Call limit = call(kCallLimit);
    executor_.remove(ref, limit);
  }
  endAborted(queue.id());
}

void Dispatcher::endAborted(const std::string& id) {
  table_.update(id, [&](Queue& queue) {
    JobStatus status = statusOf(queue);
    status.state = State::aborted;
    status.reason.clear();
    for (RunStatus& run : status.runs) run.state = State::aborted;
    queue.progress.status = std::move(status);
    queue.progress.phase = Phase::ended;
    return QueueTable::Write::disk;
  });
}

void Dispatcher::abort(const Queue& queue) {
  Call limit = call(kCallLimit);
  try {
    executor_.abort({queue.id(), queue.progress.handle}, limit);
  } catch (const NotFound&) {  // the next look at its state says so, and what follows
  }
  const std::lock_guard lock(mutex_);
  paces_[queue.id()].abortSent = true;
  look_ = true;
}

void Dispatcher::abortTasks(const Queue& queue) {
  for (const int64_t index : queue.progress.aborted_tasks) {
    {
      const std::lock_guard lock(mutex_);
      if (paces_[queue.id()].abortedTasks.count(index) > 0) continue;
    }
    const RunRequest& run = queue.accepted.submission.runs.at(static_cast<std::size_t>(index));
    try {
      Call limit = call(kCallLimit);
      executor_.abort_run({queue.id(), queue.progress.handle, run.scenario, run.attempt}, limit);
    } catch (const NotFound&) {
    }
    const std::lock_guard lock(mutex_);
    paces_[queue.id()].abortedTasks.insert(index);
    look_ = true;
  }
}

/// Ends what runs of it, and frees what the executor keeps of it.
void Dispatcher::remove(const Queue& queue) {
  if (queue.progress.phase != Phase::waiting) {
    Call limit = call(kCallLimit);
    executor_.remove({queue.id(), queue.progress.handle}, limit);
    // What is under way would come to life behind our back: it is removed once more when nothing can be.
    if (const milliseconds left = inFlight(queue, capabilities()); left > 0ms) {
      const std::lock_guard lock(mutex_);
      paces_[queue.id()].notBefore = clock_.steady() + left;
      return;
    }
  }
  table_.forget(queue.id());
}

void Dispatcher::endErrored(const std::string& id, const std::string& reason) {
  log_.warning("queue {}: {}", id, reason);
  table_.update(id, [&](Queue& queue) {
    if (queue.progress.phase == Phase::ended) return QueueTable::Write::nothing;
    JobStatus status = statusOf(queue);
    status.state = State::errored;
    status.reason = reason;
    for (RunStatus& run : status.runs) {
      if (hasEnded(run.state)) continue;
      run.state = State::errored;
      run.reason = reason;
    }
    queue.progress.status = std::move(status);
    queue.progress.phase = Phase::ended;
    return QueueTable::Write::disk;
  });
}

}  // namespace testarena::runner
