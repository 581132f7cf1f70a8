// SPDX-License-Identifier: Apache-2.0
#include "queue.h"

#include <algorithm>

namespace testarena::runner {
namespace {

constexpr std::size_t kLongestId = 128;

bool isAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The runs that a task stands for: its own, or those that its lister has named instead.
std::vector<const RunStatus*> runsOf(const Queue& queue, std::size_t index) {
  const RunRequest& asked = queue.accepted.submission.runs.at(index);
  std::vector<const RunStatus*> named;
  for (const RunStatus& run : queue.progress.status.runs) {
    if (run.attempt != asked.attempt) continue;
    if (run.scenario == asked.scenario) return {&run};
    if (run.expanded_from == asked.scenario) named.push_back(&run);
  }
  return named;
}

bool isLeftOut(const Queue& queue, std::size_t index) {
  const auto& leftOut = queue.progress.left_out;
  return std::find(leftOut.begin(), leftOut.end(), static_cast<int64_t>(index)) != leftOut.end();
}

/// Its end was asked for before the executor heard of it.
bool willNotRun(const Queue& queue, std::size_t index) {
  return isLeftOut(queue, index) || (queue.progress.phase == Phase::waiting && isTaskAborted(queue, index));
}

RunStatus asked(const Queue& queue, std::size_t index, State state) {
  const RunRequest& request = queue.accepted.submission.runs.at(index);
  RunStatus run;
  run.scenario = request.scenario;
  run.attempt = request.attempt;
  run.path = request.path;
  run.expanded_from = request.expanded_from;
  run.state = state;
  return run;
}

TaskState ended(const RunStatus& run) {
  switch (run.state) {
    case State::passed:
      return {"Finished", "PASS", run.reason};
    case State::skipped:
      return {"Finished", "PASS", run.reason.empty() ? "skipped" : "skipped: " + run.reason};
    case State::failed:
      return {"Finished", "FAIL", run.reason};
    case State::aborted:
      return {"Aborted", "", run.reason};
    default:
      return {"Finished", "", run.reason.empty() ? "the executor gives no reason" : run.reason};
  }
}

}  // namespace

bool isId(std::string_view text) {
  const auto isAllowed = [](char c) { return isAlphanumeric(c) || c == '.' || c == ':' || c == '-'; };
  return !text.empty() && text.size() <= kLongestId && isAlphanumeric(text.front()) &&
         std::all_of(text.begin(), text.end(), isAllowed);
}

bool isTaskAborted(const Queue& queue, std::size_t index) {
  const auto& aborted = queue.progress.aborted_tasks;
  return queue.progress.abort_asked ||
         std::find(aborted.begin(), aborted.end(), static_cast<int64_t>(index)) != aborted.end();
}

Submission submissionOf(const Queue& queue) {
  Submission submission = queue.accepted.submission;
  submission.runs.clear();
  for (std::size_t i = 0; i < queue.accepted.submission.runs.size(); ++i) {
    if (!isLeftOut(queue, i)) submission.runs.push_back(queue.accepted.submission.runs[i]);
  }
  return submission;
}

Turn turnOf(const Queue& queue) {
  return {-queue.accepted.priority, queue.accepted.sequence};
}

bool waitsForSlot(const Queue& queue) {
  const Progress& progress = queue.progress;
  return progress.phase == Phase::waiting && !progress.abort_asked && !progress.removal_asked;
}

JobStatus completed(const Queue& queue, JobStatus seen) {
  for (const int64_t index : queue.progress.left_out) {
    seen.runs.push_back(asked(queue, static_cast<std::size_t>(index), State::aborted));
  }
  return seen;
}

JobStatus statusOf(const Queue& queue) {
  JobStatus status = queue.progress.status;
  status.job = queue.id();
  if (queue.progress.phase == Phase::ended || queue.progress.phase == Phase::accepted) {
    if (status.state == State::unknown) status.state = State::waiting;
    return status;
  }
  status.state = State::waiting;
  if (status.reason.empty()) status.reason = "waits for a slot of the runner";
  status.runs.clear();
  for (std::size_t i = 0; i < queue.accepted.submission.runs.size(); ++i) {
    status.runs.push_back(asked(queue, i, willNotRun(queue, i) ? State::aborted : State::waiting));
  }
  return status;
}

std::string_view stateOf(const Queue& queue) {
  const Progress& progress = queue.progress;
  if (progress.phase != Phase::ended) {
    return progress.phase == Phase::accepted && progress.status.state == State::in_progress ? "Running" : "Waiting";
  }
  const auto& runs = progress.status.runs;
  const bool allAborted = !runs.empty() && std::all_of(runs.begin(), runs.end(), [](const RunStatus& run) {
    return run.state == State::aborted;
  });
  // One task's abort does not abort its queue: the others have finished.
  return allAborted || (progress.abort_asked && progress.status.state == State::aborted) ? "Aborted" : "Finished";
}

TaskState stateOf(const Queue& queue, std::size_t index) {
  const Progress& progress = queue.progress;
  const std::vector<const RunStatus*> runs = runsOf(queue, index);
  if (runs.empty()) {
    if (progress.phase != Phase::ended) return {willNotRun(queue, index) ? "Aborted" : "Waiting", "", ""};
    if (progress.status.state == State::aborted) return {"Aborted", "", progress.status.reason};
    return {"Finished", "",
            progress.status.reason.empty() ? "the executor says nothing of it" : progress.status.reason};
  }
  if (runs.size() == 1) {
    if (hasEnded(runs.front()->state)) return ended(*runs.front());
    return {runs.front()->state == State::in_progress ? "Running" : "Waiting", "", runs.front()->reason};
  }
  const auto any = [&](State state) {
    return std::any_of(runs.begin(), runs.end(), [&](const RunStatus* run) { return run->state == state; });
  };
  const bool open = std::any_of(runs.begin(), runs.end(), [](const RunStatus* run) { return !hasEnded(run->state); });
  if (open) return {"Running", "", ""};
  // The worst of them: as of a job.
  for (const State state : {State::aborted, State::errored, State::failed}) {
    if (!any(state)) continue;
    for (const RunStatus* run : runs) {
      if (run->state != state) continue;
      TaskState told = ended(*run);
      told.reason = run->scenario + (told.reason.empty() ? "" : ": " + told.reason);
      return told;
    }
  }
  return {"Finished", "PASS", ""};
}

int64_t openTasks(const Queue& queue) {
  if (queue.progress.phase == Phase::ended) return 0;
  const JobStatus status = statusOf(queue);
  if (status.runs.empty()) return static_cast<int64_t>(queue.accepted.submission.runs.size());
  return std::count_if(status.runs.begin(), status.runs.end(),
                       [](const RunStatus& run) { return !hasEnded(run.state); });
}

int64_t runningTasks(const Queue& queue) {
  const auto& runs = queue.progress.status.runs;
  return std::count_if(runs.begin(), runs.end(), [](const RunStatus& run) { return run.state == State::in_progress; });
}

}  // namespace testarena::runner
