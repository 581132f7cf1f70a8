// SPDX-License-Identifier: Apache-2.0
// The jobs of the dummy: what would be on the remote side.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <testarena/executor.h>

#include "script.h"

namespace testarena::dummy_executor {

/// Nothing runs by itself: `advance` moves everything to a point in time, as if it had gone on all the while. So the
/// dummy needs no thread, and a test that passes its own times sees the same every time.
///
/// Not for several threads at once.
class Farm {
 public:
  using Clock = std::chrono::steady_clock;

  struct Run {
    RunRequest request;
    Script script;
    std::chrono::milliseconds duration{0};
    State state = State::waiting;
    std::optional<Clock::time_point> startedAt;
    std::optional<Clock::time_point> finishedAt;
  };

  struct Job {
    Submission submission;
    std::vector<Run> runs;
    Script manners;  ///< the words of all its scenarios that concern the job
    int64_t statusAsked = 0;
    int64_t repeats = 0;   ///< submissions after the first
    int64_t revision = 0;  ///< of its latest change, counted over all jobs
  };

  Farm(int64_t slots, std::chrono::milliseconds latency) : slots_(slots), latency_(latency) {}

  Job& add(const Submission& submission);
  Job* find(const std::string& job);
  void abort(Job& job, Clock::time_point now);
  void remove(const std::string& job);

  /// Starts and ends what is due until `now`, in the order of the events.
  void advance(Clock::time_point now);

  /// When the next run ends by itself, or writes its next bit of log; unset if nothing is under way.
  std::optional<Clock::time_point> nextEvent(Clock::time_point now) const;

  const std::map<std::string, Job>& jobs() const { return jobs_; }
  int64_t revision() const { return revision_; }
  int64_t countRuns(State state) const;

  static State stateOf(const Job& job);
  static std::chrono::milliseconds elapsed(const Run& run, Clock::time_point now);
  static int64_t logSizeOf(const Run& run, Clock::time_point now);

 private:
  void startDue(Clock::time_point now);
  void forgetEnded();
  void touch(Job& job) { job.revision = ++revision_; }

  const int64_t slots_;
  const std::chrono::milliseconds latency_;
  std::map<std::string, Job> jobs_;
  std::deque<std::string> order_;  ///< of acceptance
  int64_t revision_ = 0;
};

}  // namespace testarena::dummy_executor
