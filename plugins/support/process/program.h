// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end and keeps what it wrote.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <testarena/call.h>

namespace testarena::process {

/// What to run. No shell takes part, and nothing is inherited but what stands here: not the environment, no descriptor,
/// no signal mask, no handler. Standard input is `input`, or empty.
struct Program {
  std::vector<std::string> argv;  ///< argv[0] is an absolute path, or a name looked up in the PATH of `environment`
  std::vector<std::string> environment;  ///< "NAME=value"
  std::string folder;                    ///< to run in; empty: the caller's
  std::string input;
  std::size_t max_output = std::size_t{256} << 20;       ///< more ends the program: `Ending::too_much_output`
  std::size_t max_error_output = std::size_t{64} << 10;  ///< more is read and dropped
};

enum class Ending { exited, signalled, not_started, deadline, cancelled, too_much_output };

struct Finished {
  Ending ending = Ending::not_started;
  int exit_code = -1;        ///< only for `exited`
  int signal = 0;            ///< only for `signalled`
  std::string output;        ///< standard output, bytes as they came
  std::string error_output;  ///< standard error, its first `max_error_output` bytes
  std::string reason;        ///< for a person, empty when it exited with 0: `git exited with 128`

  bool succeeded() const { return ending == Ending::exited && exit_code == 0; }
};

/// Runs the program in a process group of its own and waits for it, at most as long as somebody waits for `call`.
/// However it ends, nothing of its group is left alive when this returns. Never throws for what the program does; how
/// it went is in the answer.
///
/// Threads: any.
Finished run(const Program& program, const Call& call);

}  // namespace testarena::process
