// SPDX-License-Identifier: Apache-2.0
// Starts what is due, takes note of what has ended.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <thread>

#include <testarena/host.h>

#include "git_repository.h"
#include "job_table.h"
#include "run_watch.h"
#include "starter.h"
#include "workers.h"

namespace testarena::local_executor {

/// One thread that sleeps until a job comes, a run ends or a log grows, and a few more for what takes long. The oldest
/// job is served first; whatever of a job is under way (its checkout, its setup, each run) takes one slot.
///
/// The end of this object ends no run. The next one, in this process or another, goes on with them.
class Scheduler {
 public:
  Scheduler(JobTable& table, git::Repository& repository, Starter starter, Host host);
  ~Scheduler();

  int64_t slots() const { return starter_.limits().slots; }

 private:
  using Clock = std::chrono::steady_clock;

  static constexpr int kThreads = 2;  ///< of each kind of work that takes long

  struct Activity {
    std::shared_ptr<Job> job;
    Task task;
    RunFolder folder;
    bool isStartKnown = false;
  };

  void loop();
  void resume();
  Clock::time_point startDue();
  std::optional<Activity> pick(Clock::time_point& next);
  void begin(const Activity& activity);
  void startSupervised(const Activity& activity);
  void postpone(const Activity& activity, const std::string& why);
  void prepare(const std::shared_ptr<Job>& job);
  void giveUp(const std::shared_ptr<Job>& job, const std::string& why);
  void removeFiles(const std::shared_ptr<Job>& job);

  void look(uint64_t run);
  void readStart(Activity& activity);
  RunResult lose(const Activity& activity, const std::string& said);
  void conclude(const Activity& activity, const RunResult& result);
  void finish(const Activity& activity, const PlannedRun& plan, const RunResult& result);

  template <class Change>
  void update(const std::shared_ptr<Job>& job, Change change);

  JobTable& table_;
  git::Repository& repository_;
  const Starter starter_;
  const Host host_;
  RunWatch watch_;
  std::map<uint64_t, Activity> activities_;  ///< the loop's own
  std::atomic<bool> stopping_{false};
  Workers preparing_{kThreads};  ///< apart, so that a long checkout holds up no end of a run
  Workers finishing_{kThreads};
  std::thread thread_;
};

}  // namespace testarena::local_executor
