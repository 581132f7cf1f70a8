// SPDX-License-Identifier: Apache-2.0
// What a supervisor is to run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "notes.h"

namespace testarena::local_executor {

struct RunOrder {
  std::vector<std::string> command;      ///< an argv; never empty
  std::vector<std::string> environment;  ///< "NAME=value": all that the process gets
  std::string folder;                    ///< absolute; where it runs
  std::string account;                   ///< whose rights it gets; empty: the supervisor's own
  std::string abort_mark;                ///< absolute; as soon as this file is there, the run is to end
  std::string run_abort_mark;            ///< the same for this run alone, in the same folder; empty: none
  int64_t time_limit_ms = 0;             ///< 0: none
  int64_t output_limit = 0;              ///< bytes in the log; 0: none
  int64_t process_limit = 0;             ///< processes at once; 0: none
  int64_t account_process_limit = 0;     ///< RLIMIT_NPROC of the account, a net below process_limit; 0: none
  int64_t grace_ms = 0;                  ///< between TERM and KILL
};

Notes toNotes(const RunOrder& order);

/// Throws std::runtime_error if an entry is missing or no number.
RunOrder readRunOrder(const Notes& notes);

}  // namespace testarena::local_executor
