// SPDX-License-Identifier: Apache-2.0
// How a supervised process ended: the bare facts. What they mean for a test is decided in the plugin (verdict.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <testarena/enum.h>

#include "notes.h"

namespace testarena::local_executor {

///  exited         by itself, with exit_code
///  signalled      by a signal that the supervisor did not send
///  time_limit     ended by the supervisor; the same for the next two
///  output_limit
///  process_limit
///  aborted        ended because the abort mark appeared, or never started because it was there
///  not_runnable   the command itself could not be executed: there is no such file, or it is no program
///  machine        what failed is not the test: no memory, a full disk, an account that could not be taken on
///  lost           the supervisor died without a result (written by the plugin)
TA_ENUM(Ending, unknown, exited, signalled, time_limit, output_limit, process_limit, aborted, not_runnable, machine,
        lost)

struct RunResult {
  Ending ending = Ending::unknown;
  int64_t exit_code = 0;                 ///< of `exited`
  int64_t signal = 0;                    ///< of `signalled`
  std::string reason;                    ///< for a person; of `not_runnable` and `machine`
  std::optional<int64_t> started_at_us;  ///< since 1970; unset if nothing was started
  int64_t finished_at_us = 0;
  int64_t log_bytes = 0;
};

Notes toNotes(const RunResult& result);

/// Throws std::runtime_error if an entry is missing or makes no sense.
RunResult readRunResult(const Notes& notes);

}  // namespace testarena::local_executor
