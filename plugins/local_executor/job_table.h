// SPDX-License-Identifier: Apache-2.0
// All jobs of an environment, in memory and on disk, and who may look at them when.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "change_feed.h"
#include "job.h"
#include "tombstones.h"

namespace testarena::local_executor {

///   <root>/lock        held by the one process that serves this environment
///   <root>/removed     ids of removed jobs (tombstones.h)
///   <root>/incoming/   jobs and checkouts that are not complete yet; emptied at the start
///   <root>/jobs/ID/    (job_folder.h)
///
/// Threads: any.
class JobTable {
 public:
  using Jobs = std::map<std::string, std::shared_ptr<Job>>;

  /// Takes the lock and reads what an earlier life left. Throws Unavailable if another process serves the environment,
  /// std::system_error if the folder cannot be used. `problem` is told what cannot be read and is left alone.
  JobTable(std::filesystem::path root, const std::function<void(const std::string&)>& problem);

  const std::filesystem::path& incoming() const { return incoming_; }
  ChangeFeed& changes() { return changes_; }

  /// Where the files of a job of this id are, or would be.
  std::filesystem::path folderOf(const std::string& job) const { return folder_ / job; }

  /// Called when there may be something to do; from any thread, must not block. Before anything else.
  void onWork(std::function<void()> wake) { wake_ = std::move(wake); }

  /// Makes the job known, durably; true if it is new. The same submission under a known id is no error. Throws
  /// Conflict.
  bool add(JobOrder order);

  /// True if this very submission is known already; throws Conflict for another one under its id, or a removed id.
  bool isKnown(const Submission& submission) const;

  /// Durable when they return. Throw NotFound.
  void abort(const std::string& job);
  void abortRun(const std::string& job, const std::string& scenario, int64_t attempt);
  /// Refuses the id for ever, and has the job ended and its files removed. False if that is still going on.
  bool remove(const std::string& job, const Call& call);

  /// Runs `look` with the job, unset if there is none, under the lock: no waiting, no files in there.
  template <class Look>
  auto look(const std::string& job, Look look) const {
    const std::lock_guard lock(mutex_);
    return look(visible(job));
  }

  /// Runs `change` with all jobs under the lock.
  template <class Change>
  auto change(Change change) {
    const std::lock_guard lock(mutex_);
    return change(jobs_);
  }

  /// Forgets a job whose files are gone.
  void forget(const std::string& job);

 private:
  const Job* visible(const std::string& job) const;
  bool isKnownLocked(const Submission& submission) const;
  std::filesystem::path writeDraft(const JobOrder& order);
  bool askForRemoval(const std::string& job);

  const std::filesystem::path root_;
  const std::filesystem::path incoming_;
  const std::filesystem::path folder_;
  process::Descriptor lock_;
  ChangeFeed changes_;
  std::function<void()> wake_ = [] {};

  /// Taken first. One mark at a time: of two calls about one job the second finds what the first has left, and no file
  /// is written into a folder that is being removed.
  std::mutex marking_;
  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::condition_variable forgotten_;
  Jobs jobs_;
  std::optional<Tombstones> removed_;
  int64_t lastSequence_ = 0;
  int64_t drafts_ = 0;
};

}  // namespace testarena::local_executor
