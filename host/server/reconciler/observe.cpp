// SPDX-License-Identifier: Apache-2.0
#include "observe.h"

#include <algorithm>
#include <map>
#include <set>

namespace testarena::server {
namespace {

JobUpdate unchanged(const Job& job) {
  JobUpdate update;
  update.id = job.row.id;
  update.revision = job.row.revision;
  update.state = job.row.state;
  update.reason = job.row.reason;
  update.started_at = job.row.started_at;
  update.finished_at = job.row.finished_at;
  update.progress = job.progress;
  return update;
}

int rank(State state) {
  return hasEnded(state) ? 2 : state == State::in_progress ? 1 : 0;
}

/// Moves `run` on to what was told. False: nothing that a reader would see.
bool moveOn(Run& run, const RunStatus& told, Time now) {
  if (told.state == State::unknown || hasEnded(run.state) || rank(told.state) < rank(run.state)) return false;
  if (told.state == run.state && told.reason == run.reason) return false;
  run.state = told.state;
  run.reason = told.reason;
  if (rank(told.state) >= 1 && !run.started_at && (told.started_at || told.state == State::in_progress)) {
    run.started_at = told.started_at ? told.started_at : now;
  }
  if (hasEnded(told.state)) {
    run.finished_at = told.finished_at.value_or(now);
    if (run.started_at && *run.finished_at < *run.started_at) run.finished_at = run.started_at;
    run.exit_code = told.exit_code;
    const bool isWeb = told.report_url.rfind("http://", 0) == 0 || told.report_url.rfind("https://", 0) == 0;
    run.report_url = isWeb ? told.report_url : "";  // a script's address would be a link on somebody's page
  }
  return true;
}

Run runOf(const RunStatus& told) {
  Run run;
  run.scenario = told.scenario;
  run.path = told.path;
  run.attempt = told.attempt;
  run.expanded_from = told.expanded_from;
  return run;
}

/// The runs that an observation leaves, and which of them changed.
struct Runs {
  std::vector<Run> all;
  std::set<size_t> changed;

  Run* find(const std::string& scenario, int64_t attempt) {
    auto run = std::find_if(all.begin(), all.end(),
                            [&](const Run& r) { return r.scenario == scenario && r.attempt == attempt; });
    return run == all.end() ? nullptr : &*run;
  }
  void markChanged(const Run& run) { changed.insert(static_cast<size_t>(&run - all.data())); }
};

/// Runs that a lister found replace its placeholder; without one they are nobody's and are ignored.
void expand(Runs& runs, const Job& job, const JobStatus& status, Observation& result) {
  std::map<std::pair<std::string, int64_t>, Expansion> found;
  for (const auto& told : status.runs) {
    if (told.expanded_from.empty()) continue;
    const Run* placeholder = runs.find(told.expanded_from, told.attempt);
    if (placeholder == nullptr || hasEnded(placeholder->state)) continue;
    // One that was chosen by name beside its lister is there already, and belongs to the list all the same.
    if (runs.find(told.scenario, told.attempt) == nullptr) {
      runs.all.push_back(runOf(told));
      runs.changed.insert(runs.all.size() - 1);
    }
    auto& expansion = found[{told.expanded_from, told.attempt}];
    expansion.runs.push_back({told.scenario, told.path, 1, told.expanded_from});
  }
  for (auto& [placeholder, expansion] : found) {
    const auto& [lister, attempt] = placeholder;
    result.update.obsolete.push_back({lister, "", attempt, ""});
    expansion.environment = job.row.environment;
    expansion.commit = job.row.commit;
    expansion.lister = lister;
    result.expanded.push_back(std::move(expansion));
  }
}

bool isObsolete(const JobUpdate& update, const Run& run) {
  return std::any_of(update.obsolete.begin(), update.obsolete.end(), [&](const RunRequest& gone) {
    return gone.scenario == run.scenario && gone.attempt == run.attempt;
  });
}

std::string firstReason(const std::vector<Run>& runs, State state) {
  for (const auto& run : runs) {
    if (run.state == state && !run.reason.empty()) return run.scenario + ": " + run.reason;
  }
  return "";
}

/// Fills the update from the runs that remain.
void conclude(Runs& runs, const Job& job, const std::string& reason, Time now, Observation& result) {
  std::vector<Run> remaining;
  for (size_t i = 0; i < runs.all.size(); ++i) {
    if (isObsolete(result.update, runs.all[i])) continue;
    remaining.push_back(runs.all[i]);
    if (runs.changed.count(i) != 0) result.update.runs.push_back(runs.all[i]);
  }
  auto& update = result.update;
  const bool begun =
      std::any_of(remaining.begin(), remaining.end(), [](const Run& r) { return r.state != State::waiting; });
  if (begun && update.state == State::waiting) update.state = State::in_progress;
  if (update.state == State::in_progress && !update.started_at) {
    update.started_at = now;
    for (const auto& run : remaining) {
      if (run.started_at) update.started_at = std::min(*update.started_at, *run.started_at);
    }
  }
  // Why a job is being aborted stays, unless it ends in another way; why it waits goes when it no longer does.
  const auto end = verdict(remaining);
  const bool aborting = job.progress.intent != Intent::run && end.value_or(State::aborted) == State::aborted;
  if (!aborting || job.row.reason.empty()) update.reason = reason;
  if (end) {
    result.ended = true;
    update.state = *end;
    update.finished_at = now;
    if (update.reason.empty() && (*end == State::errored || *end == State::aborted)) {
      update.reason = firstReason(remaining, *end);
    }
  }
  result.changed = update.state != job.row.state || update.reason != job.row.reason || !update.runs.empty() ||
                   !update.obsolete.empty();
}

}  // namespace

std::optional<State> verdict(const std::vector<Run>& runs) {
  State worst = State::passed;
  for (const auto& run : runs) {
    if (!hasEnded(run.state)) return std::nullopt;
    if (run.state == State::aborted) worst = State::aborted;
    if (run.state == State::errored && worst != State::aborted) worst = State::errored;
    if (run.state == State::failed && worst == State::passed) worst = State::failed;
  }
  return worst;
}

RunCounts countRuns(const std::vector<Run>& runs) {
  RunCounts counts;
  for (const auto& run : runs) {
    switch (run.state) {
      case State::in_progress:
        ++counts.in_progress;
        break;
      case State::passed:
        ++counts.passed;
        break;
      case State::failed:
        ++counts.failed;
        break;
      case State::skipped:
        ++counts.skipped;
        break;
      case State::errored:
        ++counts.errored;
        break;
      case State::aborted:
        ++counts.aborted;
        break;
      case State::waiting:
      case State::unknown:
        ++counts.waiting;
        break;
    }
  }
  return counts;
}

Observation observe(const Job& job, const JobStatus& status, Time now) {
  Observation result;
  result.update = unchanged(job);
  if (hasEnded(job.row.state)) {
    result.ended = true;
    return result;
  }
  Runs runs{job.runs, {}};
  if (!status.runs.empty()) expand(runs, job, status, result);
  for (const auto& told : status.runs) {
    Run* run = runs.find(told.scenario, told.attempt);
    if (run != nullptr && moveOn(*run, told, now)) runs.markChanged(*run);
  }
  if (status.state == State::in_progress && result.update.state == State::waiting) {
    result.update.state = State::in_progress;  // setup, before any run
  }
  if (hasEnded(status.state)) {
    // The job is over; what was not told of a run will never be.
    const bool aborted = status.state == State::aborted;
    for (auto& run : runs.all) {
      if (hasEnded(run.state) || isObsolete(result.update, run)) continue;
      run.state = aborted ? State::aborted : State::errored;
      run.reason = !status.reason.empty() ? status.reason
                   : aborted              ? "the job was aborted"
                                          : "the executor ended the job without a verdict for this run";
      run.finished_at = now;
      runs.markChanged(run);
    }
  }
  conclude(runs, job, status.reason, now, result);
  return result;
}

Observation endAll(const Job& job, State state, const std::string& reason, Time now) {
  JobStatus status;
  status.state = state;
  status.reason = reason;
  for (const auto& run : job.runs) {
    RunStatus told;
    told.scenario = run.scenario;
    told.attempt = run.attempt;
    told.state = state;
    told.reason = reason;
    status.runs.push_back(told);
  }
  return observe(job, status, now);
}

}  // namespace testarena::server
