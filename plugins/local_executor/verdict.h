// SPDX-License-Identifier: Apache-2.0
// What the end of a process means for a test.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <testarena/types.h>

#include "run_result.h"

namespace testarena::local_executor {

struct Verdict {
  State state = State::errored;
  std::string reason;  ///< empty for a plain pass or fail
};

/// The limits that the run had, for words.
struct VerdictLimits {
  int64_t time_limit_ms = 0;
  int64_t output_limit = 0;
  int64_t process_limit = 0;
};

/// Exit code 0 is passed, 77 skipped, any other failed, and so is an end by a signal or a limit. What the machine did
/// is errored.
Verdict judge(const RunResult& result, const VerdictLimits& limits);

/// "60 s", "1.5 s", "250 ms"; "10 GiB", "100 bytes".
std::string durationInWords(int64_t milliseconds);
std::string sizeInWords(int64_t bytes);

/// "signal 11 (SIGSEGV)".
std::string signalInWords(int64_t signal);

}  // namespace testarena::local_executor
