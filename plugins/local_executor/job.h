// SPDX-License-Identifier: Apache-2.0
// A job in memory: what is known of it, and what is due next. No file is touched here.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <testarena/executor.h>

#include "job_folder.h"
#include "job_order.h"
#include "run_result.h"
#include "verdict.h"

namespace testarena::local_executor {

enum class Progress { waiting, active, done };

/// One run, or the stand-in of a lister until its tests are known.
struct Run {
  PlannedRun plan;
  std::string folder;  ///< its name below JobFolder::runs()
  Progress progress = Progress::waiting;
  bool expanded = false;  ///< a lister whose tests are known
  bool abortAsked = false;
  bool isTold() const { return !expanded && !plan.internal; }

  std::optional<int64_t> startedAt;  ///< microseconds since 1970; with `active`, once it is known
  std::optional<RunResult> result;   ///< with `done`
  Verdict verdict;                   ///< with `done`
};

/// What the scheduler does for a job, one after the other but for the runs.
struct Task {
  enum class Kind { prepare, setup, run };
  Kind kind = Kind::prepare;
  std::string run;  ///< Run::folder, for `run`
};

/// Guarded by the lock of the JobTable it is in.
class Job {
 public:
  Job(JobOrder order, JobFolder folder);

  const JobOrder& order() const { return order_; }
  const JobFolder& folder() const { return folder_; }
  const std::string& id() const { return order_.submission.job; }

  // How far it is; set by whoever has made it so on disk.
  Progress checkout = Progress::waiting;
  Progress setup = Progress::waiting;
  std::optional<RunResult> setupResult;
  bool abortAsked = false;
  bool removalAsked = false;
  bool isBeingRemoved = false;

  // Why what is due cannot be begun just now, how often that was so, and when it is tried again.
  std::string obstacle;
  int obstacles = 0;
  std::chrono::steady_clock::time_point notBefore{};

  /// Unless it has passed, nothing else of the job is begun.
  void finishSetup(RunResult result, const Verdict& verdict);

  /// All that has not begun is errored with this reason. The first one counts.
  void fail(const std::string& reason);

  const std::vector<Run>& runs() const { return runs_; }
  /// The run in this folder; null if there is none.
  Run* find(const std::string& folder);
  const Run* find(const std::string& scenario, int64_t attempt) const;

  /// The end of one run is wanted: one that has not begun never will. What is active ends by its supervisor.
  void abortRun(Run& run);
  /// A run that was to begin and could not waits again, unless its end is wanted.
  void putBack(Run& run);

  /// Takes what a lister has said of its tests: those that the order names get their limits from it; the others are put
  /// behind it, unless it is internal or another scenario has the name.
  void expand(const std::string& lister, const std::vector<PlannedRun>& tests);

  /// What may begin now, in the order given; unset if nothing may.
  std::optional<Task> next() const;

  /// True while something of it holds a slot.
  std::size_t activeCount() const;
  bool hasEnded() const;
  State state() const;
  std::string reason() const;

  State stateOf(const Run& run) const;
  std::string reasonOf(const Run& run) const;

 private:
  bool isStopped() const { return abortAsked || removalAsked || !failure_.empty(); }
  bool isListing(const Run& run) const { return !run.plan.lister.empty(); }
  std::vector<const Run*> activeRuns() const;
  bool mayStart(const Run& run, const std::vector<const Run*>& active) const;

  JobOrder order_;
  JobFolder folder_;
  std::vector<Run> runs_;
  std::string failure_;
  mutable bool ended_ = false;  ///< what has ended stays so; asked often
};

}  // namespace testarena::local_executor
