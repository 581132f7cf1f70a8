// SPDX-License-Identifier: Apache-2.0
// Records of jobs as files.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "job_record.h"

namespace testarena::http_executor {

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
