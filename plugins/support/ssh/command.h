// SPDX-License-Identifier: Apache-2.0
// What is to be run on another machine, and what came of it.
#pragma once

#include <cstddef>
#include <string>

namespace testarena::ssh {

struct Command {
  std::string line;                               ///< for the account's shell: see commandLine() in shell_words.h
  std::string input;                              ///< its standard input
  std::size_t max_output = std::size_t{4} << 20;  ///< more ends the command: Exhausted
  std::size_t max_error_output = std::size_t{64} << 10;  ///< more is read and dropped
};

struct Finished {
  int exit_code = -1;        ///< unset (-1) if it was ended by a signal
  std::string signal;        ///< "TERM", ...; empty if it exited
  std::string output;        ///< standard output, bytes as they came
  std::string error_output;  ///< standard error, its beginning

  bool succeeded() const { return signal.empty() && exit_code == 0; }
};

}  // namespace testarena::ssh
