// SPDX-License-Identifier: Apache-2.0
// One run from its start mark to its result.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>

#include "child.h"
#include "descriptor.h"
#include "log_writer.h"
#include "process_tree.h"
#include "run_folder.h"

namespace testarena::local_executor {

/// Runs in a process of its own with a single thread, and all signals blocked. Everything that happens is one loop over
/// poll(): output, ends of processes, the abort mark, limits.
class Supervision {
 public:
  /// Takes charge of the folder: lock, then start mark. Throws std::exception if it is not ours to run, with nothing
  /// started and no result written: somebody else is in charge, it was started before, or its order cannot be read.
  explicit Supervision(RunFolder folder);

  /// Runs the order and writes the result. Calls `inCharge` when the outcome can only be told by the result from there
  /// on.
  template <class InCharge>
  void run(InCharge inCharge) {
    std::optional<Child> child = start();
    inCharge();
    if (child) follow(std::move(*child));
    writeResult();
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::optional<Child> start();
  void follow(Child child);

  void wait(int output) const;
  bool copyOutput(int pipe);
  bool readSignals();
  bool abortIsAsked() const;
  void checkLimits();
  void end(Ending ending, const std::string& reason = {});
  void finish();
  void writeResult();

  const RunFolder folder_;
  RunOrder order_;
  process::Descriptor lock_;
  process::Descriptor signals_;  ///< signalfd of everything that can be asked for
  process::Descriptor marks_;    ///< inotify of the folder of the abort marks
  RunResult result_;

  // While the process runs.
  std::optional<ProcessTree> tree_;
  std::optional<LogWriter> log_;
  std::optional<Ending> cause_;  ///< why we end it; unset while it may go on
  std::string causeReason_;
  Clock::time_point timeIsOver_ = Clock::time_point::max();
  Clock::time_point nextCount_ = Clock::time_point::max();
  Clock::time_point killAt_ = Clock::time_point::max();
  bool outputIsOpen_ = true;
};

}  // namespace testarena::local_executor
