// SPDX-License-Identifier: Apache-2.0
#include "job.h"

#include <algorithm>

namespace testarena::local_executor {

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

Run* Job::find(const std::string& folder) {
  const auto found = std::find_if(runs_.begin(), runs_.end(), [&](const Run& run) { return run.folder == folder; });
  return found == runs_.end() ? nullptr : &*found;
}

const Run* Job::find(const std::string& scenario, int64_t attempt) const {
  for (const Run& run : runs_) {
    if (!run.expanded && run.plan.request.scenario == scenario && run.plan.request.attempt == attempt) return &run;
  }
  return nullptr;
}

void Job::expand(const std::string& lister, const std::vector<PlannedRun>& tests) {
  std::vector<Run> added;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (find(tests[i].request.scenario, tests[i].request.attempt) != nullptr) continue;
    Run run;
    run.plan = tests[i];
    run.folder = lister + "." + std::to_string(i);
    added.push_back(std::move(run));
  }
  Run& origin = *find(lister);
  origin.expanded = true;
  const auto behind = runs_.begin() + (&origin - runs_.data()) + 1;
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
  for (const Run& run : runs_) {
    if (run.progress == Progress::waiting) return Task{Task::Kind::run, run.folder};
  }
  return std::nullopt;
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
    if (run.expanded) continue;
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
