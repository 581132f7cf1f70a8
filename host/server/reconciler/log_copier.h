// SPDX-License-Identifier: Apache-2.0
// Copies logs from an executor into the log store.
#pragma once

#include <cstdint>
#include <string>

#include <testarena/executor.h>

#include "job_events.h"
#include "log_store.h"

namespace testarena::server {

struct CopiedLog {
  bool complete = false;   ///< whole, and safe against loss of power
  bool more = false;       ///< there is more to copy at once
  std::string unreadable;  ///< set: the executor refuses to give it; why
};

/// Not for several threads at once.
class LogCopier {
 public:
  LogCopier(Executor& executor, LogStore& logs, JobEvents& events)
      : executor_(executor), logs_(logs), events_(events) {}

  /// Copies at most `budget` bytes from where the store ends and lowers `budget` by what was copied. What a reader of
  /// the store sees is told as an event. Throws what the executor throws, but for `NotFound` and `OutOfRange`:
  /// `unreadable`.
  CopiedLog copy(const JobRef& job, const LogId& log, int64_t& budget);

 private:
  Executor& executor_;
  LogStore& logs_;
  JobEvents& events_;
};

}  // namespace testarena::server
