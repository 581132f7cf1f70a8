// SPDX-License-Identifier: Apache-2.0
// Everything that a run has started, wherever it has gone.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <sys/resource.h>
#include <sys/types.h>
#include <vector>

namespace testarena::local_executor {

/// The processes below this one. This process is a child subreaper: a process that loses its parent (a daemon that
/// forked twice and made a session of its own) becomes our child instead of leaving the tree.
class ProcessTree {
 public:
  /// Makes this process the subreaper. Throws std::system_error. Before anything is started.
  static void becomeRoot();

  /// `main` is the leader of its process group and our child.
  explicit ProcessTree(pid_t main) : main_(main) {}

  /// Takes note of what has ended. True while anything is left.
  bool reap();

  /// The wait status of `main`, once it has ended.
  const std::optional<int>& mainStatus() const { return mainStatus_; }

  /// How many processes there are now, `main` included; what comes and goes meanwhile may be missed.
  std::size_t count() const;

  /// SIGTERM to the group of `main`, if `main` is still there.
  void terminate() const;

  /// Kills all of it, however fast it forks. False if something is left after `patience`, such as a process that hangs
  /// in the kernel.
  bool kill(std::chrono::milliseconds patience);

 private:
  pid_t main_;
  std::optional<int> mainStatus_;
};

/// Threads and processes of a user on the whole machine.
rlim_t countTasksOf(uid_t user);

}  // namespace testarena::local_executor
