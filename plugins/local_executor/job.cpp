// SPDX-License-Identifier: Apache-2.0
#include "job.h"

#include <algorithm>
#include <map>
#include <utility>

namespace testarena::local_executor {
namespace {

/// Both are tests of the same lister in the same build folder.
bool isTestOf(const PlannedRun& run, const PlannedRun& other) {
  return !run.request.expanded_from.empty() && run.request.expanded_from == other.request.expanded_from &&
         run.build_dir == other.build_dir;
}

}  // namespace

Job::Job(JobOrder order, JobFolder folder) : order_(std::move(order)), folder_(std::move(folder)) {
  for (std::size_t i = 0; i < order_.runs.size(); ++i) {
    Run run;
    run.plan = order_.runs[i];
    run.folder = std::to_string(i);
    runs_.push_back(std::move(run));
  }
  if (order_.setup.empty()) setup = Progress::done;
}

void Job::fail(const std::string& reason) {
  if (failure_.empty()) failure_ = reason;
}

void Job::finishSetup(RunResult result, const Verdict& verdict) {
  setup = Progress::done;
  setupResult = std::move(result);
  if (verdict.state == State::passed || verdict.state == State::aborted) return;
  std::string reason = verdict.reason;
  if (reason.empty()) reason = "exit code " + std::to_string(setupResult->exit_code);
  fail("the setup failed: " + reason);
}

void Job::abortRun(Run& run) {
  run.abortAsked = true;
  if (run.progress != Progress::waiting) return;
  run.progress = Progress::done;
  run.verdict = {State::aborted, {}};
}

void Job::putBack(Run& run) {
  run.progress = Progress::waiting;
  if (run.abortAsked) abortRun(run);
}

Run* Job::find(const std::string& folder) {
  const auto found = std::find_if(runs_.begin(), runs_.end(), [&](const Run& run) { return run.folder == folder; });
  return found == runs_.end() ? nullptr : &*found;
}

const Run* Job::find(const std::string& scenario, int64_t attempt) const {
  for (const Run& run : runs_) {
    if (run.isTold() && run.plan.request.scenario == scenario && run.plan.request.attempt == attempt) return &run;
  }
  return nullptr;
}

void Job::expand(const std::string& lister, const std::vector<PlannedRun>& tests) {
  std::map<std::pair<std::string, int64_t>, Run*> known;
  for (Run& run : runs_) {
    if (run.isTold()) known.emplace(std::pair(run.plan.request.scenario, run.plan.request.attempt), &run);
  }
  find(lister)->expanded = true;
  const bool isInternal = find(lister)->plan.internal;
  std::vector<Run> added;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const PlannedRun& test = tests[i];
    const auto named = known.find({test.request.scenario, test.request.attempt});
    if (named != known.end()) {
      if (!isTestOf(named->second->plan, test)) continue;
      named->second->plan.serial = test.serial;
      named->second->plan.locks = test.locks;
      named->second->plan.after = test.after;
    } else if (!isInternal) {
      Run run;
      run.plan = test;
      run.folder = lister + "." + std::to_string(i);
      added.push_back(std::move(run));
    }
  }
  const auto behind =
      std::find_if(runs_.begin(), runs_.end(), [&](const Run& run) { return run.folder == lister; }) + 1;
  runs_.insert(behind, std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
}

std::optional<Task> Job::next() const {
  if (isStopped() || checkout == Progress::active || setup == Progress::active) return std::nullopt;
  if (checkout == Progress::waiting) return Task{Task::Kind::prepare, {}};
  if (setup == Progress::waiting) return Task{Task::Kind::setup, {}};
  // All tests are to be known before the first one runs: what the user sees then is what there is.
  for (const Run& run : runs_) {
    if (!isListing(run) || run.progress == Progress::done) continue;
    return run.progress == Progress::waiting ? std::optional(Task{Task::Kind::run, run.folder}) : std::nullopt;
  }
  const std::vector<const Run*> active = activeRuns();
  for (const Run& run : runs_) {
    if (run.progress == Progress::waiting && mayStart(run, active)) return Task{Task::Kind::run, run.folder};
  }
  return std::nullopt;
}

std::vector<const Run*> Job::activeRuns() const {
  std::vector<const Run*> active;
  for (const Run& run : runs_) {
    if (run.progress == Progress::active) active.push_back(&run);
  }
  return active;
}

/// Each test of a lister is run by a ctest of its own, which cannot know of the others: what ctest would see to between
/// them is seen to here.
bool Job::mayStart(const Run& run, const std::vector<const Run*>& active) const {
  const auto isHeld = [&](const std::string& lock, const Run& by) {
    return std::find(by.plan.locks.begin(), by.plan.locks.end(), lock) != by.plan.locks.end();
  };
  for (const Run* other : active) {
    if (!isTestOf(other->plan, run.plan)) continue;
    if (other->plan.serial || run.plan.serial) return false;
    const auto collides = [&](const std::string& lock) { return isHeld(lock, *other); };
    if (std::any_of(run.plan.locks.begin(), run.plan.locks.end(), collides)) return false;
  }
  return std::none_of(run.plan.after.begin(), run.plan.after.end(), [&](const std::string& test) {
    const Run* before = find(test, run.plan.request.attempt);
    return before != nullptr && isTestOf(before->plan, run.plan) && before->progress != Progress::done;
  });
}

std::size_t Job::activeCount() const {
  std::size_t count = checkout == Progress::active || setup == Progress::active ? 1 : 0;
  for (const Run& run : runs_) count += run.progress == Progress::active ? 1 : 0;
  return count;
}

bool Job::hasEnded() const {
  if (ended_) return true;
  const auto isDone = [](const Run& run) { return run.progress == Progress::done; };
  ended_ = activeCount() == 0 && (isStopped() || std::all_of(runs_.begin(), runs_.end(), isDone));
  return ended_;
}

State Job::state() const {
  if (!hasEnded()) {
    const bool begun = checkout != Progress::waiting;
    return begun ? State::in_progress : State::waiting;
  }
  State worst = State::passed;
  for (const Run& run : runs_) {
    if (!run.isTold()) continue;
    switch (stateOf(run)) {
      case State::aborted:
        return State::aborted;
      case State::errored:
        worst = State::errored;
        break;
      case State::failed:
        worst = worst == State::errored ? worst : State::failed;
        break;
      default:
        break;
    }
  }
  return worst;
}

std::string Job::reason() const {
  if (!failure_.empty()) return failure_;
  if (hasEnded()) return {};
  if (abortAsked) return "is being aborted";
  if (!obstacle.empty()) return obstacle;
  if (checkout == Progress::waiting) return "waits for a slot";
  if (checkout == Progress::active) return "its commit is being checked out";
  if (setup == Progress::active) return "its setup runs";
  return {};
}

State Job::stateOf(const Run& run) const {
  switch (run.progress) {
    case Progress::active:
      return State::in_progress;
    case Progress::done:
      return run.verdict.state;
    case Progress::waiting:
      break;
  }
  if (!failure_.empty()) return State::errored;
  return abortAsked || removalAsked ? State::aborted : State::waiting;
}

std::string Job::reasonOf(const Run& run) const {
  if (run.progress == Progress::done) return run.verdict.reason;
  return run.progress == Progress::waiting ? failure_ : std::string();
}

}  // namespace testarena::local_executor
