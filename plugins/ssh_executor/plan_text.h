// SPDX-License-Identifier: Apache-2.0
// A job as it lies on the machine: shell text for the script, and behind it a record for us.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "job_order.h"
#include "settings.h"

namespace testarena::ssh_executor {

/// What we read again: the job, and the limits that it was accepted with.
struct Record {
  local_executor::JobOrder order;
  int64_t output_limit = 0;
  int64_t setup_limit_ms = 0;
  std::vector<int64_t> run_limits_ms;  ///< of each run of the order
};

/// Throws Unsupported for what cannot be run on another machine: tests of a lister.
Record makeRecord(local_executor::JobOrder order, const Terms& terms);

/// The whole text. Every word in it that comes from elsewhere is quoted. Throws Invalid for a program that `env` would
/// take for a variable.
std::string planText(const Record& record, const Terms& terms);

/// The record alone, as planText has written it. Throws Unavailable: it is damaged.
Record readRecord(std::string_view text);

}  // namespace testarena::ssh_executor
