// SPDX-License-Identifier: Apache-2.0
// Runs git so that nothing but its arguments decides what it does.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "program.h"

namespace testarena::git {

/// How git is run for one repository.
struct GitSetting {
  std::string program = "git";
  std::string shown;        ///< the repository's name in messages
  std::string protocol;     ///< the only one that git may speak; empty: none
  std::string ssh_command;  ///< for the shell, as GIT_SSH_COMMAND has it
  std::map<std::string, std::string>
      config;  ///< beside what every run of git gets; in its environment, not in its argv
};

class GitCommand {
 public:
  explicit GitCommand(GitSetting setting);

  /// Runs `git <arguments>` and answers however it exited. Throws if it did not: Unavailable, DeadlineExceeded,
  /// Cancelled, or Exhausted if it wrote more than `max_output`.
  process::Finished run(const std::vector<std::string>& arguments, const Call& call,
                        std::size_t max_output = std::size_t{256} << 20) const;

  /// The same for a git that must succeed: Unavailable with what git says if not.
  std::string output(const std::vector<std::string>& arguments, const Call& call) const;

  /// For a git that failed: what it says, in one line.
  [[noreturn]] void fail(const process::Finished& finished) const;

  const std::string& shown() const { return setting_.shown; }

 private:
  GitSetting setting_;
  std::vector<std::string> environment_;
};

/// The text as one word for a POSIX shell.
std::string shellQuoted(const std::string& text);

}  // namespace testarena::git
