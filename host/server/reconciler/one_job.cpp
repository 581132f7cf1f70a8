// SPDX-License-Identifier: Apache-2.0
// Reconciler: what is done for one job. What goes wrong here delays this job alone.
#include <algorithm>
#include <utility>

#include "reconciler.h"
#include "refusal.h"
#include "trace.h"

namespace testarena::server {
using std::chrono::milliseconds;

void Reconciler::act(Tracked& tracked) {
  const TraceScope trace("job-" + std::to_string(tracked.job.row.id));
  const auto& transition = transitionFor(tracked.job.progress.phase, tracked.job.progress.intent);
  try {
    advance(tracked, transition, perform(tracked, transition));
  } catch (const std::exception& error) {
    later(tracked, error, "not moved on");
  }
}

Reconciler::Done Reconciler::perform(Tracked& tracked, const Transition& transition) {
  switch (transition.action) {
    case Action::submit:
      return submit(tracked, false);
    case Action::settle:
      return settle(tracked);
    case Action::withdraw:
      return withdraw(tracked);
    case Action::collect:
      return collect(tracked);
    case Action::clean:
      return clean(tracked);
    case Action::close:
      return close(tracked);
    case Action::purge:
    case Action::none:
      return {Result::done, {}};
    case Action::follow:
    case Action::stop:
      break;  // done for many jobs at once: followAll
  }
  return {};
}

Reconciler::Done Reconciler::submit(Tracked& tracked, bool again) {
  auto& job = tracked.job;
  // Durable before the first byte leaves. Sending again is the same promise, it needs no second row.
  if (!again) {
    Observation sending = observe(job, {}, clock_.now());
    sending.update.progress.sent_at = clock_.now();
    sending.update.progress.send_attempts += 1;
    if (!store(tracked, std::move(sending), Phase::sending)) return {};
  }
  Submission submission;
  submission.job = refOf(job).job;
  submission.environment = job.row.environment;
  submission.user = job.row.user;
  submission.branch = job.row.branch;
  submission.commit = job.row.commit;
  for (const auto& run : job.runs) {
    submission.runs.push_back({run.scenario, run.path, run.attempt, run.expanded_from});
  }
  tracked.sent_at = clock_.steady();
  tracked.landed = false;
  try {
    auto limit = call();
    job.progress.handle = executor_.submit(submission, limit).handle;
    remoteAnswered();
    return accept(tracked);
  } catch (const Error& error) {
    // The request may have left at any moment of the call: the time that it can be under way counts from its end.
    tracked.sent_at = clock_.steady();
    // "Nothing was done": the remote has said so, and what was under way has ended with its word.
    tracked.landed = error.code() == Code::retry;
    if (!provesNotTaken(error.code(), again)) throw;
    remoteAnswered();
    return refuse(tracked, "not accepted by the executor: " + std::string(error.what()));
  }
}

Reconciler::Done Reconciler::accept(Tracked& tracked) {
  const auto& row = tracked.job.row;
  log_.info("job {}: accepted, {} scenarios of {} at {}", row.id, tracked.job.runs.size(), row.branch, row.commit);
  if (const auto can = capabilities(); can && !can->pins_commit) {
    logs_.note(row.id, "this executor runs what " + row.branch + " is when a run begins, which may be another commit");
  }
  return {Result::done, {}};
}

Reconciler::Done Reconciler::refuse(Tracked& tracked, const std::string& reason) {
  log_.warning("job {}: {}", tracked.job.row.id, reason);
  return {Result::refused, endAll(tracked.job, State::errored, reason, clock_.now())};
}

bool Reconciler::knows(const Tracked& tracked) {
  const auto ref = refOf(tracked.job);
  auto limit = call();
  const auto answer = executor_.status({{ref}}, limit);
  const auto told = std::find_if(answer.jobs.begin(), answer.jobs.end(),
                                 [&](const JobStatus& status) { return status.job == ref.job; });
  // Silence about the job is no answer: taken for "not known", it would be sent a second time.
  if (told == answer.jobs.end()) throw Unavailable("the executor's status says nothing of job " + ref.job);
  remoteAnswered();
  return told->state != State::unknown;
}

std::optional<Reconciler::Steady> Reconciler::inFlightUntil(Tracked& tracked) {
  if (tracked.landed) return std::nullopt;
  // After a restart nobody knows since when it has been under way: the whole time is waited for.
  if (!tracked.sent_at) tracked.sent_at = clock_.steady();
  const auto until = *tracked.sent_at + capabilities()->in_flight;
  if (clock_.steady() >= until) return std::nullopt;
  return until;
}

void Reconciler::waitOut(Tracked& tracked, Steady until) {
  tracked.due = until;
  tracked.trouble = "the remote does not know it, but the request may still be under way";
  tracked.next_try = clock_.now() + std::chrono::duration_cast<milliseconds>(until - clock_.steady());
  stand(tracked);
}

Reconciler::Done Reconciler::settle(Tracked& tracked) {
  const auto can = capabilities();
  if (!can) return {};
  if (can->idempotency == Idempotency::c3) return submit(tracked, true);
  if (can->idempotency == Idempotency::c0 || can->idempotency == Idempotency::unknown) {
    return refuse(
        tracked,
        "the answer to the submission was lost and this executor cannot say whether the job arrived: look at the "
        "remote before you submit it again");
  }
  if (knows(tracked)) return accept(tracked);
  if (const auto until = inFlightUntil(tracked)) {
    waitOut(tracked, *until);
    return {};
  }
  return submit(tracked, true);
}

Reconciler::Done Reconciler::withdraw(Tracked& tracked) {
  const auto can = capabilities();
  if (!can) return {};
  const bool cannotBeAsked = can->idempotency == Idempotency::c0 || can->idempotency == Idempotency::unknown;
  if (!cannotBeAsked) {
    if (knows(tracked)) return {Result::refused, {}};
    if (can->idempotency == Idempotency::c3) {
      auto limit = callWithin(options_.remove_limit);
      executor_.remove(refOf(tracked.job), limit);  // it remembers the id: what is still under way will be refused
    } else if (const auto until = inFlightUntil(tracked)) {
      waitOut(tracked, *until);
      return {};
    }
  }
  return close(tracked);
}

Reconciler::Done Reconciler::close(Tracked& tracked) {
  const auto& reason = tracked.job.row.reason;
  return {Result::done,
          endAll(tracked.job, State::aborted, reason.empty() ? "aborted before it was started" : reason, clock_.now())};
}

Reconciler::Done Reconciler::collect(Tracked& tracked) {
  auto& job = tracked.job;
  Observation observed = observe(job, {}, clock_.now());
  bool whole = true;
  auto copy = [&](const LogId& log, bool& complete, int64_t& bytes) {
    if (complete) return;
    if (budget_ <= 0) {
      whole = false;
      return;
    }
    const auto copied = logCopier_.copy(refOf(job), log, budget_);
    if (!copied.unreadable.empty()) {
      logs_.note(job.row.id, (log.scenario.empty() ? "the job's log" : "the log of " + log.scenario) +
                                 " could not be copied whole: " + copied.unreadable);
    }
    complete = copied.complete;
    bytes = logs_.received(log);
    whole = whole && (copied.complete || !copied.unreadable.empty());
  };
  for (const auto& run : job.runs) {
    if (run.log_complete) continue;
    auto changed = run;
    copy({job.row.id, run.scenario, run.attempt}, changed.log_complete, changed.log_bytes);
    if (changed.log_complete) observed.update.runs.push_back(changed);
  }
  auto& progress = observed.update.progress;
  copy({job.row.id, "", 1}, progress.log_complete, progress.log_bytes);
  remoteAnswered();
  if (const auto can = capabilities(); whole && can && can->artifacts) artifactCopier_.copyAll(refOf(job), job);
  observed.changed = !observed.update.runs.empty() || progress.log_complete != job.progress.log_complete;
  if (whole) return {Result::done, std::move(observed)};

  if (observed.changed) store(tracked, std::move(observed), job.progress.phase);
  tracked.due = clock_.steady() + (budget_ > 0 ? options_.poll_first : milliseconds(0));
  return {};
}

Reconciler::Done Reconciler::clean(Tracked& tracked) {
  auto limit = callWithin(options_.remove_limit);
  executor_.remove(refOf(tracked.job), limit);
  remoteAnswered();
  return {Result::done, {}};
}

void Reconciler::advance(Tracked& tracked, const Transition& transition, Done done) {
  auto& job = tracked.job;
  const bool unwanted = job.progress.intent == Intent::remove;
  if (done.result == Result::unknown) {
    if (tracked.due <= clock_.steady() && budget_ > 0) tracked.due = clock_.steady() + tracked.backoff.next(random_);
    return;
  }
  tracked.backoff.reset();
  tracked.trouble.clear();
  tracked.next_try.reset();
  if (unwanted && (transition.action == Action::purge || transition.action == Action::clean)) return purge(tracked);
  if (transition.action != Action::none) {
    auto change = done.change ? std::move(*done.change) : observe(job, {}, clock_.now());
    if (!store(tracked, std::move(change), nextPhase(transition, done.result))) return;
    tracked.due = clock_.steady();
  }
  if (job.progress.phase == Phase::closed && !unwanted) finished_.insert(job.row.id);
}

void Reconciler::purge(Tracked& tracked) {
  const auto id = tracked.job.row.id;
  logs_.remove(id);
  auto limit = call();
  storage_.purge_job({id, true}, limit);
  finished_.insert(id);
  log_.info("job {}: deleted", id);
}

}  // namespace testarena::server
