// SPDX-License-Identifier: Apache-2.0
#include "farm.h"

#include <algorithm>

namespace testarena::dummy_executor {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLogStep{20};  // how often the log of a run that writes is seen to grow

/// One word is enough for the job.
void takeManners(Script& job, const Script& run) {
  job.loseRequest |= run.loseRequest;
  job.loseAnswer |= run.loseAnswer;
  job.refuse |= run.refuse;
  job.forget |= run.forget;
  job.lieTerminal |= run.lieTerminal;
  job.hangStatus |= run.hangStatus;
  job.garbage |= run.garbage;
  job.deaf |= run.deaf;
  job.slowSubmit = std::max(job.slowSubmit, run.slowSubmit);
}

}  // namespace

Farm::Job& Farm::add(const Submission& submission) {
  Job& job = jobs_[submission.job];
  job.submission = submission;
  for (const RunRequest& request : submission.runs) {
    Run run;
    run.request = request;
    run.script = readScript(request.scenario);
    run.duration = run.script.duration.count() >= 0 ? run.script.duration : latency_;
    takeManners(job.manners, run.script);
    job.runs.push_back(std::move(run));
  }
  order_.push_back(submission.job);
  touch(job);
  return job;
}

Farm::Job* Farm::find(const std::string& job) {
  const auto found = jobs_.find(job);
  return found == jobs_.end() ? nullptr : &found->second;
}

void Farm::abort(Job& job, Clock::time_point now) {
  if (job.manners.deaf) return;
  for (Run& run : job.runs) {
    if (hasEnded(run.state)) continue;
    run.state = State::aborted;
    run.finishedAt = now;
  }
  touch(job);
}

void Farm::remove(const std::string& job) {
  if (jobs_.erase(job) == 0) return;
  order_.erase(std::find(order_.begin(), order_.end(), job));
  ++revision_;
}

void Farm::advance(Clock::time_point now) {
  for (;;) {
    // The earliest end, because it frees the slot for what starts then.
    Job* job = nullptr;
    Run* first = nullptr;
    for (auto& [id, candidate] : jobs_) {
      for (Run& run : candidate.runs) {
        if (run.state != State::in_progress || run.script.hang || *run.startedAt + run.duration > now) continue;
        if (first != nullptr && *first->startedAt + first->duration <= *run.startedAt + run.duration) continue;
        job = &candidate;
        first = &run;
      }
    }
    if (first == nullptr) break;
    first->finishedAt = *first->startedAt + first->duration;
    first->state = first->script.end;
    touch(*job);
    startDue(*first->finishedAt);
  }
  startDue(now);
  for (auto& [id, job] : jobs_) {
    const auto grows = [](const Run& run) { return run.state == State::in_progress && run.script.lines > 0; };
    if (std::any_of(job.runs.begin(), job.runs.end(), grows)) touch(job);
  }
  forgetEnded();
}

std::optional<Farm::Clock::time_point> Farm::nextEvent(Clock::time_point now) const {
  std::optional<Clock::time_point> next;
  const auto take = [&](Clock::time_point time) { next = next ? std::min(*next, time) : time; };
  for (const auto& [id, job] : jobs_) {
    for (const Run& run : job.runs) {
      if (run.state != State::in_progress) continue;
      if (!run.script.hang) take(*run.startedAt + run.duration);
      if (run.script.lines > 0 && elapsed(run, now) < run.duration) take(now + kLogStep);
    }
  }
  return next;
}

void Farm::startDue(Clock::time_point now) {
  int64_t used = countRuns(State::in_progress);
  for (const std::string& id : order_) {
    Job& job = jobs_.at(id);
    for (Run& run : job.runs) {
      if (used >= slots_) return;
      if (run.state != State::waiting) continue;
      run.state = State::in_progress;
      run.startedAt = now;
      touch(job);
      ++used;
    }
  }
}

void Farm::forgetEnded() {
  std::vector<std::string> forgotten;
  for (const auto& [id, job] : jobs_) {
    if (job.manners.forget && hasEnded(stateOf(job))) forgotten.push_back(id);
  }
  for (const std::string& id : forgotten) remove(id);
}

int64_t Farm::countRuns(State state) const {
  int64_t count = 0;
  for (const auto& [id, job] : jobs_) {
    count += std::count_if(job.runs.begin(), job.runs.end(), [&](const Run& run) { return run.state == state; });
  }
  return count;
}

State Farm::stateOf(const Job& job) {
  bool begun = false, open = false;
  State worst = State::passed;
  for (const Run& run : job.runs) {
    begun |= run.state != State::waiting;
    open |= !hasEnded(run.state);
    if (run.state == State::aborted) worst = State::aborted;
    if (run.state == State::errored && worst != State::aborted) worst = State::errored;
    if (run.state == State::failed && worst == State::passed) worst = State::failed;
  }
  if (!open) return worst;
  return begun ? State::in_progress : State::waiting;
}

milliseconds Farm::elapsed(const Run& run, Clock::time_point now) {
  if (!run.startedAt) return milliseconds(0);
  return std::chrono::floor<milliseconds>(run.finishedAt.value_or(now) - *run.startedAt);
}

int64_t Farm::logSizeOf(const Run& run, Clock::time_point now) {
  if (!run.startedAt) return 0;
  return logSize(run.script, elapsed(run, now), run.duration);
}

}  // namespace testarena::dummy_executor
