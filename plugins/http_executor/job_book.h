// SPDX-License-Identifier: Apache-2.0
// What this plugin must not forget of a job: which task runs which scenario, and the ends that it has told.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <testarena/executor.h>

namespace testarena::http_executor {

struct RunRecord {
  RunStatus status;
  bool abort_asked = false;
  bool log_settled = false;  ///< the log is here whole, or will never be: `status.log_bytes` is final
  bool end_told = false;     ///< the host has heard of the end
  std::string log_problem;   ///< why the log is not whole
  TA_FIELDS(status, abort_asked, log_settled, end_told, log_problem)
};

struct JobRecord {
  Submission submission;
  bool accepted = false;  ///< by the server, for certain
  bool abort_asked = false;
  std::vector<RunRecord> runs;  ///< in the order of the submission: the n-th is the task <queue>-<n+1>
  RunRecord own;  ///< the log of the job itself, where the server has one; of `status` only log_bytes counts
  TA_FIELDS(submission, accepted, abort_asked, runs, own)
};

/// A file for each job. An existing server can tell neither which tasks a queue has nor when they began, and the answer
/// to a submission may be lost: so the file is written before the first octet of it leaves.
///
/// Threads: any.
class JobBook {
 public:
  explicit JobBook(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Unset: there is none. Throws Internal, naming the file, if it is damaged.
  std::optional<JobRecord> load(const std::string& job) const;
  /// When this returns, it survives kill -9 and loss of power. Throws Exhausted or Unavailable.
  void save(const JobRecord& record) const;
  void forget(const std::string& job) const;

 private:
  std::filesystem::path fileOf(const std::string& job) const { return folder_ / job; }

  const std::filesystem::path folder_;
  mutable std::mutex mutex_;  ///< protects the drafts of files
};

}  // namespace testarena::http_executor
