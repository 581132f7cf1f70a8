// SPDX-License-Identifier: Apache-2.0
// The folder of one supervised process: where plugin and supervisor meet. Both may die at any time and be started
// again; all that they know of each other stands here.
#pragma once

#include <filesystem>
#include <optional>
#include <sys/types.h>

#include "descriptor.h"
#include "run_order.h"
#include "run_result.h"

namespace testarena::local_executor {

/// What the supervisor writes when it has taken charge, before it starts anything.
struct StartMark {
  pid_t supervisor = 0;
  int64_t started_at_us = 0;
};

/// The files and who writes them, in the order of events:
///
///   order    plugin      what to run; durable before a supervisor is started
///   log      supervisor  standard output and error of what runs, bytes as they came
///   lock     supervisor  held for as long as it lives: proof of life that no reused process id can fake
///   started  supervisor  durable before the process is started. A second supervisor that finds it refuses, so that
///                        nothing runs twice, whoever is killed when
///   result   supervisor  the end; or plugin, where a started supervisor was lost
///   output/  plugin      TESTARENA_OUTPUT of the process
///   kept/    plugin      files of the checkout that are kept with the run, once it has ended
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path log() const { return path_ / "log"; }
  std::filesystem::path output() const { return path_ / "output"; }
  std::filesystem::path kept() const { return path_ / "kept"; }
  /// Everything that the process wrote is newer than this file (file_time.h), and nothing that was there before is.
  std::filesystem::path startMarkFile() const { return path_ / "started"; }

  /// All throw std::runtime_error (with the file's name) for a file that is broken or cannot be read or written.
  std::optional<RunOrder> order() const;
  std::optional<StartMark> startMark() const;
  /// The same, but unset instead of an error: for who only wants to know the time or whom to watch.
  std::optional<StartMark> startMarkIfReadable() const;
  std::optional<RunResult> result() const;
  void writeOrder(const RunOrder& order) const;
  void writeStartMark(const StartMark& mark) const;
  void writeResult(const RunResult& result) const;

  /// True while a supervisor holds the lock. Asking disturbs nobody.
  bool isSupervised() const;

  /// Takes the lock until the descriptor is closed; unset if somebody else has it.
  process::Descriptor takeLock() const;

 private:
  std::filesystem::path path_;
};

}  // namespace testarena::local_executor
