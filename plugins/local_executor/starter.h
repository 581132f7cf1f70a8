// SPDX-License-Identifier: Apache-2.0
// Puts a task into a run folder and starts a supervisor on it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

#include "account.h"
#include "descriptor.h"
#include "job.h"
#include "settings.h"

namespace testarena::local_executor {

struct Started {
  pid_t supervisor = 0;
  process::Descriptor report;  ///< what it says before it is in charge; its end means that it is, or is gone
};

/// Threads: any; it keeps nothing.
class Starter {
 public:
  Starter(std::filesystem::path supervisor, Limits limits, std::optional<Account> account)
      : supervisor_(std::move(supervisor)), limits_(limits), account_(std::move(account)) {}

  const std::optional<Account>& account() const { return account_; }
  const Limits& limits() const { return limits_; }

  /// Makes the run folder with its order and an empty log; what an earlier life began of it is overwritten. Durable.
  /// Throws std::exception if the disk does not do it, which may be tried again.
  void prepare(const RunFolder& folder, const RunOrder& order) const;

  /// Throws std::system_error if no process can be started, which may be tried again.
  Started start(const RunFolder& folder) const;

  RunOrder orderForSetup(const JobOrder& job, const JobFolder& folder) const;
  RunOrder orderForRun(const JobOrder& job, const JobFolder& folder, const Run& run) const;

 private:
  RunOrder common(const JobOrder& job, const JobFolder& folder, const RunFolder& run) const;

  const std::filesystem::path supervisor_;
  const Limits limits_;
  const std::optional<Account> account_;
};

}  // namespace testarena::local_executor
