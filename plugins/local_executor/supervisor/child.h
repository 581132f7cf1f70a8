// SPDX-License-Identifier: Apache-2.0
// Starts the process that a run consists of, with nothing of what the supervisor has.
#pragma once

#include <stdexcept>
#include <string>
#include <sys/types.h>

#include "descriptor.h"
#include "run_order.h"

namespace testarena::local_executor {

struct Child {
  pid_t pid = 0;               ///< leader of a session and of a process group of its own
  process::Descriptor output;  ///< what it writes to standard output and error, in order; reading does not block
};

/// Nothing was started.
class StartFailure : public std::runtime_error {
 public:
  enum class Fault { command, machine };
  StartFailure(Fault fault, const std::string& message) : std::runtime_error(message), fault_(fault) {}

  /// `command`: there is no such program, or it is none. `machine`: everything else.
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

/// Returns once the command itself runs (exec has succeeded), or throws StartFailure.
///
/// The process gets the order's environment, folder and account, /dev/null as standard input, default signal handling,
/// umask 022, no core dumps, and no descriptor but 0, 1 and 2. It is killed when the supervisor dies. The calling
/// process must have a single thread.
Child startChild(const RunOrder& order);

}  // namespace testarena::local_executor
