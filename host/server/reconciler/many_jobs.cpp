// SPDX-License-Identifier: Apache-2.0
// Reconciler: jobs that the remote has, asked for many at once.
#include <algorithm>
#include <utility>

#include "reconciler.h"
#include "text.h"
#include "trace.h"

namespace testarena::server {

void Reconciler::followAll(const std::vector<Tracked*>& jobs, size_t most) {
  const auto can = capabilities();
  const auto size = static_cast<size_t>(can ? std::max<int64_t>(1, can->max_batch) : 100);
  for (size_t begin = 0; begin < jobs.size() && most > 0; begin += size, --most) {
    const auto end = std::min(jobs.size(), begin + size);
    const std::vector<Tracked*> batch(jobs.begin() + static_cast<std::ptrdiff_t>(begin),
                                      jobs.begin() + static_cast<std::ptrdiff_t>(end));
    if (askStatus(batch)) continue;
    // Nobody answered: the rest would not be answered either.
    const auto pause = statusBackoff_.next(random_);
    for (size_t i = begin; i < jobs.size(); ++i) jobs[i]->due = clock_.steady() + pause;
    return;
  }
}

/// False: there was no answer.
bool Reconciler::askStatus(const std::vector<Tracked*>& jobs) {
  StatusRequest request;
  for (auto* tracked : jobs) {
    stop(*tracked);
    request.jobs.push_back(refOf(tracked->job));
  }
  StatusAnswer answer;
  try {
    const auto begin = clock_.steady();
    auto limit = call();
    answer = executor_.status(request, limit);
    remoteAnswered(std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - begin));
    statusBackoff_.reset();
  } catch (const std::exception& error) {
    if (isSilence(error)) {
      remoteFailed(error.what());
      return false;
    }
    // It answers, but not this question: one of the jobs may be why. Halving finds it, and the others go on.
    if (jobs.size() == 1) {
      later(*jobs.front(), error, "status not told");
      return true;
    }
    const auto middle = jobs.begin() + static_cast<std::ptrdiff_t>(jobs.size() / 2);
    return askStatus({jobs.begin(), middle}) && askStatus({middle, jobs.end()});
  }
  for (size_t i = 0; i < jobs.size(); ++i) {
    auto& tracked = *jobs[i];
    const TraceScope trace("job-" + std::to_string(tracked.job.row.id));
    // An answer counts for the job that it names, wherever it stands; what is not answered keeps what it had.
    const auto told = std::find_if(answer.jobs.begin(), answer.jobs.end(),
                                   [&](const JobStatus& s) { return s.job == request.jobs[i].job; });
    try {
      if (told != answer.jobs.end()) {
        take(tracked, *told);
      } else {
        tracked.due = clock_.steady() + options_.poll_most;
      }
    } catch (const std::exception& error) {
      later(tracked, error, "status not taken over");
    }
  }
  return true;
}

void Reconciler::stop(Tracked& tracked) {
  const auto& job = tracked.job;
  if (job.progress.intent == Intent::run || tracked.stop_sent || suspicious_) return;
  const TraceScope trace("job-" + std::to_string(job.row.id));
  try {
    auto limit = call();
    executor_.abort(refOf(job), limit);
    tracked.stop_sent = true;
    tracked.trouble.clear();
    log_.info("job {}: end asked for", job.row.id);
  } catch (const NotFound&) {
    // What became of it, the status will say; if that is that it runs, it is asked again.
  } catch (const std::exception& error) {
    log_.warning("job {}: the executor could not be asked to end it: {}", job.row.id, error.what());
    tracked.trouble = error.what();
    suspicious_ = suspicious_ || isSilence(error);
  }
  stand(tracked);
}

void Reconciler::take(Tracked& tracked, const JobStatus& status) {
  const auto now = clock_.steady();
  if (status.state == State::unknown) return takeUnknown(tracked);
  tracked.unknown_since.reset();
  tracked.backoff.reset();
  if (!tracked.job.row.started_at) tracked.running_since = now;
  if (tracked.next_try) {
    tracked.trouble.clear();
    tracked.next_try.reset();
    stand(tracked);
  }

  auto observed = observe(tracked.job, status, clock_.now());
  const auto budget = budget_;
  copyLogs(tracked, status, observed);
  const bool grew = budget_ != budget;
  const auto& transition = transitionFor(tracked.job.progress.phase, tracked.job.progress.intent);
  const Phase next = observed.ended ? transition.done : tracked.job.progress.phase;
  const bool changed = observed.changed || next != tracked.job.progress.phase;
  if (changed) {
    remember(observed.expanded);
    if (!store(tracked, std::move(observed), next)) return;
  }
  const bool lively = changed || grew || tracked.interval.count() == 0;
  tracked.interval = lively ? options_.poll_first : std::min(tracked.interval * 3 / 2, options_.poll_most);
  if (next != Phase::accepted) {
    tracked.due = now;
    return;
  }
  tracked.due = budget_ <= 0 ? now : now + std::max(tracked.interval, std::min(status.next_poll, options_.poll_most));
  enforceTimeLimit(tracked);
}

void Reconciler::copyLogs(Tracked& tracked, const JobStatus& status, Observation& observed) {
  auto& job = tracked.job;
  if (job.progress.intent == Intent::remove) return;  // nobody will read them
  const auto ref = refOf(job);
  // A log that cannot be copied now (a full disk, an error of the remote) keeps no end from being stored: `collect`
  // tries again.
  const auto copy = [&](const LogId& log) -> CopiedLog {
    try {
      return logCopier_.copy(ref, log, budget_);
    } catch (const std::exception& error) {
      log_.warning("job {}: the log of {} is not copied: {}", job.row.id,
                   log.scenario.empty() ? "the job" : log.scenario, error.what());
      return {};
    }
  };
  for (const auto& told : status.runs) {
    if (budget_ <= 0) return;
    auto run = std::find_if(job.runs.begin(), job.runs.end(),
                            [&](const Run& r) { return r.scenario == told.scenario && r.attempt == told.attempt; });
    if (run != job.runs.end() && run->log_complete) continue;
    auto changed = std::find_if(observed.update.runs.begin(), observed.update.runs.end(),
                                [&](const Run& r) { return r.scenario == told.scenario && r.attempt == told.attempt; });
    if (run == job.runs.end() && changed == observed.update.runs.end()) continue;  // nobody's
    const LogId log{job.row.id, told.scenario, told.attempt};
    if (!hasEnded(told.state) && told.log_bytes <= logs_.received(log)) continue;
    const auto copied = copy(log);
    if (!copied.complete) continue;
    if (changed == observed.update.runs.end()) changed = observed.update.runs.insert(changed, *run);
    changed->log_complete = true;
    changed->log_bytes = logs_.received(log);
    observed.changed = true;
  }
  const LogId own{job.row.id, "", 1};
  if (budget_ > 0 && status.log_bytes > logs_.received(own)) copy(own);
}

void Reconciler::takeUnknown(Tracked& tracked) {
  const auto now = clock_.steady();
  if (!tracked.unknown_since) tracked.unknown_since = now;
  if (now < *tracked.unknown_since + options_.lost_after) {
    tracked.due = *tracked.unknown_since + options_.lost_after;
    return;
  }
  const auto& job = tracked.job;
  const std::string reason = "lost: the executor has forgotten this job; whether its scenarios ran is not known";
  log_.warning("job {}: {}", job.row.id, reason);
  store(tracked, endAll(job, State::errored, reason, clock_.now()),
        job.progress.intent == Intent::remove ? Phase::cleaning : Phase::closed);
  if (job.progress.intent != Intent::remove) finished_.insert(job.row.id);
}

void Reconciler::enforceTimeLimit(Tracked& tracked) {
  const auto& job = tracked.job;
  const auto most = options_.job_time_limit;
  if (most.count() == 0 || job.progress.intent != Intent::run || !job.row.started_at) return;
  // By the steady clock, since the time of day may jump. It alone knows of the time before this life of the server.
  const auto now = clock_.steady();
  if (!tracked.running_since) {
    const auto before = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - *job.row.started_at);
    tracked.running_since = now - std::clamp(before, std::chrono::milliseconds(0), most);
  }
  if (now - *tracked.running_since < most) return;
  const std::string reason =
      "ran longer than " + formatDuration(options_.job_time_limit.count()) + ", the limit of the server";
  IntentRequest request;
  request.id = job.row.id;
  request.intent = Intent::abort;
  request.reason = reason;
  request.audit = {clock_.now(), "", "", "job.abort", "job " + std::to_string(job.row.id), reason};
  auto limit = call();
  tracked.job = storage_.request_intent(request, limit).job;
  stand(tracked);
  tracked.due = clock_.steady();
  log_.warning("job {}: {}", job.row.id, reason);
}

}  // namespace testarena::server
