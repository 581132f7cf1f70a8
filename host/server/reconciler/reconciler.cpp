// SPDX-License-Identifier: Apache-2.0
// Reconciler: the loop, and the rows that it reads and writes.
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
constexpr auto kLongTurn = std::chrono::seconds(1);

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
      monitor_(Breaker(options_.failures_to_open, options_.retry_first, options_.retry_most), clock, random),
      statusBackoff_(options_.retry_first, options_.retry_most) {}

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

size_t Reconciler::size() const {
  const std::lock_guard lock(mutex_);
  return standing_.size();
}

JobTally Reconciler::tally() const {
  const std::lock_guard lock(mutex_);
  JobTally tally;
  tally.open = static_cast<int64_t>(standing_.size());
  for (const auto& [id, standing] : standing_) {
    const bool isUnsent = standing.phase == Phase::unsent || standing.phase == Phase::sending;
    if (standing.intent == Intent::remove) {
      ++tally.tombstones;
    } else if (isUnsent) {
      ++tally.unsent;
    }
  }
  return tally;
}

void Reconciler::explain(JobRow& row) const {
  const std::lock_guard lock(mutex_);
  const auto found = standing_.find(row.id);
  row.reason = reasonShown(row, found == standing_.end() ? Standing() : found->second, remote_);
}

void Reconciler::explain(Job& job) const {
  const std::lock_guard lock(mutex_);
  Standing standing;
  if (const auto found = standing_.find(job.row.id); found != standing_.end()) standing = found->second;
  // The row may be newer than what was last done with it.
  standing.phase = job.progress.phase;
  standing.intent = job.progress.intent;
  job.row.reason = reasonShown(job.row, standing, remote_);
}

uint64_t Reconciler::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
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
  const bool probing = askRemote() == Doubt::remains;
  moveOn(dueJobs(now), probing);
  forgetFinished();
  tellViewers();
  return nextStep();
}

/// Those that have waited longest first: jobs that fail again and again take no turn from others.
std::vector<Reconciler::Tracked*> Reconciler::dueJobs(Steady now) {
  std::vector<Tracked*> due;
  for (auto& [id, tracked] : tracked_) {
    if (tracked.due <= now) due.push_back(&tracked);
  }
  std::stable_sort(due.begin(), due.end(), [](const auto* a, const auto* b) { return a->due < b->due; });
  return due;
}

void Reconciler::moveOn(std::vector<Tracked*> jobs, bool probing) {
  const auto isFollowed = [](const Tracked* tracked) {
    const auto action = transitionFor(tracked->job.progress.phase, tracked->job.progress.intent).action;
    return action == Action::follow || action == Action::stop;
  };
  const auto others = std::stable_partition(jobs.begin(), jobs.end(), isFollowed);
  // First the calls that are for many. In doubt one batch is asked for, too: that is worth more than the remote's word
  // on how it is.
  if (others != jobs.begin() && capabilities() && (mayCallForJobs() || probing)) {
    followAll({jobs.begin(), others}, mayCallForJobs() ? jobs.size() : 1);
  }
  actInTurn({others, jobs.end()});
}

void Reconciler::actInTurn(const std::vector<Tracked*>& jobs) {
  const auto begin = clock_.steady();
  for (auto* tracked : jobs) {
    const auto action = transitionFor(tracked->job.progress.phase, tracked->job.progress.intent).action;
    const bool isLocal = action == Action::close || action == Action::purge || action == Action::none;
    if (!isLocal && !mayCallForJobs()) continue;
    act(*tracked);
    if (suspicious_) askRemote();
    // The others are due still, and come first in the next step; states are asked for in between.
    if (clock_.steady() >= begin + kLongTurn) return;
  }
}

void Reconciler::forgetFinished() {
  for (const auto id : finished_) tracked_.erase(id);
  const std::lock_guard lock(mutex_);
  for (const auto id : finished_) standing_.erase(id);
  finished_.clear();
}

Reconciler::Steady Reconciler::nextStep() {
  {
    const std::lock_guard lock(mutex_);
    if (!woken_.empty() || !hinted_.empty()) return clock_.steady();
  }
  // While it does not answer, jobs that are due wait for the next question.
  const bool waits = !mayCallForJobs();
  const auto question = waits || suspicious_ ? monitor_.breaker().due() : healthDue_;
  Steady next = std::min(clock_.steady() + kIdle, question);
  for (const auto& [id, tracked] : tracked_) {
    next = std::min(next, waits ? std::max(tracked.due, question) : tracked.due);
  }
  return next;
}

Reconciler::Tracked Reconciler::track(Job job) const {
  return {std::move(job), {}, {}, {options_.retry_first, options_.retry_most}, {}, {}, false, false, {}, {}};
}

void Reconciler::load() {
  for (int64_t after = 0;;) {
    auto limit = call();
    const auto page = storage_.open_jobs({options_.environment, after, kRowsAtOnce}, limit);
    for (const auto& job : page.jobs) {
      stand(tracked_.insert_or_assign(job.row.id, track(job)).first->second);
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
    stand(tracked);
  } catch (const NotFound&) {
    finished_.insert(id);
  }
}

bool Reconciler::store(Tracked& tracked, Observation observed, Phase phase) {
  auto& job = tracked.job;
  // What it waits for is part of what a reader sees. `sending` is over in an instant; if not, its trouble is told.
  const bool movesOn = !hasEnded(job.row.state) && phase != job.progress.phase && phase != Phase::sending;
  const bool visible = observed.changed || movesOn;
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
  stand(tracked);
  if (visible && !job.progress.deleted) {
    Job shown = job;
    explain(shown);
    events_.jobChanged(shown);
  }
  return true;
}

void Reconciler::remember(const std::vector<Expansion>& expansions) {
  for (const auto& expansion : expansions) {
    auto limit = call();
    storage_.put_expansion(expansion, limit);
  }
}

void Reconciler::later(Tracked& tracked, const std::exception& error, const char* doing) {
  const auto wait = tracked.backoff.next(random_);
  tracked.due = clock_.steady() + wait;
  tracked.trouble = error.what();
  tracked.next_try = clock_.now() + wait;
  suspicious_ = suspicious_ || isSilence(error);
  monitor_.noteError("job " + std::to_string(tracked.job.row.id) + ": " + error.what());
  showRemote();
  stand(tracked);
  log_.warning("job {}: {}: {} (attempt {}, again in {})", tracked.job.row.id, doing, error.what(),
               tracked.backoff.failures(), formatDuration(wait.count()));
}

/// Lets other threads know how far it is with a job.
void Reconciler::stand(const Tracked& tracked) {
  const auto& progress = tracked.job.progress;
  Standing standing{progress.phase, progress.intent, tracked.trouble, tracked.next_try};
  const std::lock_guard lock(mutex_);
  auto& known = standing_[tracked.job.row.id];
  if (known == standing) return;
  newsForViewers_ = newsForViewers_ || known.trouble != standing.trouble;
  known = std::move(standing);
  ++generation_;
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
