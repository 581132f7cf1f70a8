// SPDX-License-Identifier: Apache-2.0
#include "reconciler.h"

#include <algorithm>
#include <utility>

#include "text.h"
#include "trace.h"

namespace testarena::server {
namespace {

using std::chrono::milliseconds;

constexpr int64_t kRowsAtOnce = 500;
constexpr auto kIdle = std::chrono::seconds(5);
constexpr auto kHealthLimit = std::chrono::seconds(2);

/// What a refused call proves: nothing happened and nothing will.
bool isRefusal(Code code) {
  switch (code) {
    case Code::invalid:
    case Code::not_found:
    case Code::conflict:
    case Code::denied:
    case Code::unsupported:
    case Code::wrong_state:
    case Code::out_of_range:
      return true;
    default:
      return false;
  }
}

/// Takes over into `job` what was stored.
void apply(Job& job, const JobUpdate& update, int64_t revision) {
  auto is = [](const auto& request) {
    return [&request](const Run& run) { return run.scenario == request.scenario && run.attempt == request.attempt; };
  };
  for (const auto& gone : update.obsolete) {
    job.runs.erase(std::remove_if(job.runs.begin(), job.runs.end(), is(gone)), job.runs.end());
  }
  for (const auto& changed : update.runs) {
    auto run = std::find_if(job.runs.begin(), job.runs.end(), is(changed));
    if (run == job.runs.end()) {
      job.runs.push_back(changed);
    } else {
      *run = changed;
    }
  }
  const auto intent = job.progress.intent;
  const auto deleted = job.progress.deleted;
  job.progress = update.progress;
  job.progress.intent = intent;
  job.progress.deleted = deleted;
  job.row.state = update.state;
  job.row.reason = update.reason;
  job.row.started_at = update.started_at;
  job.row.finished_at = update.finished_at;
  job.row.revision = revision;
  job.row.counts = countRuns(job.runs);
}

}  // namespace

Reconciler::Reconciler(ReconcilerOptions options, Storage& storage, Executor& executor, LogStore& logs,
                       JobEvents& events, const Clock& clock, Random& random)
    : options_(std::move(options)),
      storage_(storage),
      executor_(executor),
      logs_(logs),
      events_(events),
      clock_(clock),
      random_(random),
      log_("reconciler " + options_.environment),
      logCopier_(executor, logs, events),
      artifactCopier_(executor, logs),
      remoteBackoff_(options_.retry_first, options_.retry_most) {}

void Reconciler::wake(int64_t job) {
  const std::lock_guard lock(mutex_);
  woken_.insert(job);
}

void Reconciler::hint(const std::vector<std::string>& jobs) {
  const std::lock_guard lock(mutex_);
  for (const auto& job : jobs) {
    if (auto id = idOf(job)) hinted_.insert(*id);
  }
}

Health Reconciler::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

std::optional<ExecutorCapabilities> Reconciler::capabilities() const {
  const std::lock_guard lock(mutex_);
  return capabilities_;
}

size_t Reconciler::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

Reconciler::Steady Reconciler::step() {
  const auto now = clock_.steady();
  budget_ = options_.copy_budget;
  try {
    if (!loaded_) load();
    takeIn();
  } catch (const std::exception& error) {
    log_.error("jobs not read from the storage: {}; tried again in {}", error.what(),
               formatDuration(options_.retry_first.count()));
    return now + options_.retry_first;
  }
  if (now >= remoteDue_) askCapabilities();
  if (now >= remoteDue_ && now >= healthDue_) askHealth();

  std::vector<Tracked*> followed;
  for (auto& [id, tracked] : tracked_) {
    if (tracked.due > now) continue;
    const auto& transition = transitionFor(tracked.job.progress.phase, tracked.job.progress.intent);
    const bool local =
        transition.action == Action::close || transition.action == Action::purge || transition.action == Action::none;
    if (!local && clock_.steady() < remoteDue_) continue;
    if (transition.action == Action::follow || transition.action == Action::stop) {
      followed.push_back(&tracked);
    } else {
      act(tracked);
    }
  }
  if (!followed.empty() && clock_.steady() >= remoteDue_) followAll(std::move(followed));

  for (const auto id : finished_) tracked_.erase(id);
  finished_.clear();
  {
    const std::lock_guard lock(mutex_);
    size_ = tracked_.size();
    if (!woken_.empty() || !hinted_.empty()) return clock_.steady();
  }
  Steady next = clock_.steady() + kIdle;
  for (const auto& [id, tracked] : tracked_) next = std::min(next, std::max(tracked.due, remoteDue_));
  return std::min(next, std::max(healthDue_, remoteDue_));
}

// ---- What is to be done
// -----------------------------------------------------------------------------------------------

Reconciler::Tracked Reconciler::track(Job job) const {
  return {std::move(job), {}, {}, {options_.retry_first, options_.retry_most}, {}, {}, false, false};
}

void Reconciler::load() {
  for (int64_t after = 0;;) {
    auto limit = call();
    const auto page = storage_.open_jobs({options_.environment, after, kRowsAtOnce}, limit);
    for (const auto& job : page.jobs) {
      tracked_.insert_or_assign(job.row.id, track(job));
      after = job.row.id;
    }
    if (page.jobs.size() < static_cast<size_t>(kRowsAtOnce)) break;
  }
  loaded_ = true;
  if (!tracked_.empty()) log_.info("going on with {} open jobs", tracked_.size());
}

void Reconciler::takeIn() {
  std::set<int64_t> woken;
  std::set<int64_t> hinted;
  {
    const std::lock_guard lock(mutex_);
    woken.swap(woken_);
    hinted.swap(hinted_);
  }
  while (!woken.empty()) {
    try {
      reload(*woken.begin());
    } catch (...) {
      const std::lock_guard lock(mutex_);
      woken_.insert(woken.begin(), woken.end());
      hinted_.insert(hinted.begin(), hinted.end());
      throw;
    }
    woken.erase(woken.begin());
  }
  for (const auto id : hinted) {
    if (auto found = tracked_.find(id); found != tracked_.end()) {
      found->second.due = clock_.steady();
      found->second.interval = milliseconds(0);
    }
  }
}

void Reconciler::reload(int64_t id) {
  try {
    auto limit = call();
    auto job = storage_.get_job({id, true}, limit);
    if (job.row.environment != options_.environment) return;
    auto& tracked = tracked_.try_emplace(id, track({})).first->second;
    tracked.job = std::move(job);
    tracked.due = clock_.steady();
  } catch (const NotFound&) {
    finished_.insert(id);
  }
}

void Reconciler::askCapabilities() {
  if (capabilities()) return;
  try {
    auto limit = call();
    const auto answer = executor_.capabilities({}, limit);
    const std::lock_guard lock(mutex_);
    capabilities_ = answer;
  } catch (const std::exception& error) {
    remoteFailed(error.what());
  }
}

void Reconciler::askHealth() {
  healthDue_ = clock_.steady() + options_.health_every;
  try {
    auto limit = callWithin(kHealthLimit);
    auto answer = executor_.health({}, limit);
    remoteAnswered();
    const std::lock_guard lock(mutex_);
    health_ = std::move(answer);
  } catch (const std::exception& error) {
    remoteFailed(error.what());
  }
}

// ---- One job
// ----------------------------------------------------------------------------------------------------------

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
    // What the client of the executor may say itself (a token that was changed, a setting) proves nothing of the time
    // before.
    const bool saysNothingOfTheFirst =
        again && error.code() != Code::conflict && error.code() != Code::invalid && error.code() != Code::not_found;
    if (!isRefusal(error.code()) || saysNothingOfTheFirst) throw;
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
    tracked.due = *until;
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
      auto limit = call();
      executor_.remove(refOf(tracked.job), limit);  // it remembers the id: what is still under way will be refused
    } else if (const auto until = inFlightUntil(tracked)) {
      tracked.due = *until;
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
  auto limit = call();
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

// ---- Many jobs at once
// ------------------------------------------------------------------------------------------------

void Reconciler::followAll(std::vector<Tracked*> jobs) {
  const auto can = capabilities();
  const auto batch = static_cast<size_t>(can ? std::max<int64_t>(1, can->max_batch) : 100);
  for (size_t begin = 0; begin < jobs.size(); begin += batch) {
    const auto end = std::min(jobs.size(), begin + batch);
    StatusRequest request;
    for (size_t i = begin; i < end; ++i) {
      stop(*jobs[i]);
      request.jobs.push_back(refOf(jobs[i]->job));
    }
    StatusAnswer answer;
    try {
      auto limit = call();
      answer = executor_.status(request, limit);
      remoteAnswered();
    } catch (const std::exception& error) {
      remoteFailed(error.what());
      for (size_t i = begin; i < jobs.size(); ++i) jobs[i]->due = std::max(jobs[i]->due, remoteDue_);
      return;
    }
    for (size_t i = begin; i < end; ++i) {
      auto& tracked = *jobs[i];
      const TraceScope trace("job-" + std::to_string(tracked.job.row.id));
      // An answer counts for the job that it names, wherever it stands; what is not answered keeps what it had.
      const auto told = std::find_if(answer.jobs.begin(), answer.jobs.end(),
                                     [&](const JobStatus& s) { return s.job == request.jobs[i - begin].job; });
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
  }
}

void Reconciler::stop(Tracked& tracked) {
  const auto& job = tracked.job;
  if (job.progress.intent == Intent::run || tracked.stop_sent) return;
  const TraceScope trace("job-" + std::to_string(job.row.id));
  try {
    auto limit = call();
    executor_.abort(refOf(job), limit);
    tracked.stop_sent = true;
    log_.info("job {}: end asked for", job.row.id);
  } catch (const NotFound&) {
    // What became of it, the status will say; if that is that it runs, it is asked again.
  } catch (const std::exception& error) {
    log_.warning("job {}: the executor could not be asked to end it: {}", job.row.id, error.what());
  }
}

void Reconciler::take(Tracked& tracked, const JobStatus& status) {
  const auto now = clock_.steady();
  if (status.state == State::unknown) return takeUnknown(tracked);
  tracked.unknown_since.reset();
  tracked.backoff.reset();

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
  if (options_.job_time_limit.count() == 0 || job.progress.intent != Intent::run || !job.row.started_at) return;
  if (clock_.now() - *job.row.started_at < options_.job_time_limit) return;
  const std::string reason =
      "ran longer than " + formatDuration(options_.job_time_limit.count()) + ", the limit of the server";
  IntentRequest request;
  request.id = job.row.id;
  request.intent = Intent::abort;
  request.reason = reason;
  request.audit = {clock_.now(), "", "", "job.abort", "job " + std::to_string(job.row.id), reason};
  auto limit = call();
  tracked.job = storage_.request_intent(request, limit).job;
  tracked.due = clock_.steady();
  log_.warning("job {}: {}", job.row.id, reason);
}

// ---- Storing and failing
// ----------------------------------------------------------------------------------------------

bool Reconciler::store(Tracked& tracked, Observation observed, Phase phase) {
  auto& job = tracked.job;
  const bool visible = observed.changed;
  const bool ends = observed.ended && !hasEnded(job.row.state);
  auto& update = observed.update;
  update.progress.phase = phase;
  update.progress.handle = job.progress.handle;
  try {
    auto limit = call();
    apply(job, update, storage_.update_job(update, limit).revision);
  } catch (const Conflict&) {
    reload(job.row.id);  // somebody's intent came first: decide again
    return false;
  } catch (const NotFound&) {
    finished_.insert(job.row.id);
    return false;
  }
  if (ends) {
    log_.info("job {}: {}{}{}", job.row.id, enumName(job.row.state), job.row.reason.empty() ? "" : ": ",
              job.row.reason);
  }
  if (visible && !job.progress.deleted) events_.jobChanged(job);
  return true;
}

void Reconciler::remember(const std::vector<Expansion>& expansions) {
  for (const auto& expansion : expansions) {
    auto limit = call();
    storage_.put_expansion(expansion, limit);
  }
}

void Reconciler::later(Tracked& tracked, const std::exception& error, const char* doing) {
  const auto* known = dynamic_cast<const Error*>(&error);
  if (known != nullptr && known->code() == Code::unavailable) remoteFailed(error.what());
  const auto wait = tracked.backoff.next(random_);
  tracked.due = std::max(clock_.steady() + wait, remoteDue_);
  log_.warning("job {}: {}: {} (attempt {}, again in {})", tracked.job.row.id, doing, error.what(),
               tracked.backoff.failures(), formatDuration(wait.count()));
}

void Reconciler::remoteAnswered() {
  if (!remoteUp_) log_.info("the executor answers again");
  remoteUp_ = true;
  remoteBackoff_.reset();
  remoteDue_ = {};
}

void Reconciler::remoteFailed(const std::string& why) {
  const auto wait = remoteBackoff_.next(random_);
  remoteDue_ = clock_.steady() + wait;
  if (remoteUp_) log_.warning("the executor does not answer: {}; asked again in {}", why, formatDuration(wait.count()));
  remoteUp_ = false;
  const std::lock_guard lock(mutex_);
  health_.state = HealthState::down;
  health_.message = why;
}

JobRef Reconciler::refOf(const Job& job) const {
  return {options_.id_prefix + std::to_string(job.row.id), job.progress.handle};
}

std::optional<int64_t> Reconciler::idOf(const std::string& remoteId) const {
  const auto& prefix = options_.id_prefix;
  if (remoteId.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
  const auto digits = remoteId.substr(prefix.size());
  if (digits.empty() || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::stoll(digits);
}

Call Reconciler::call() const {
  return callWithin(options_.call_limit);
}

}  // namespace testarena::server
