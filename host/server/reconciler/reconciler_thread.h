// SPDX-License-Identifier: Apache-2.0
// The threads of one environment.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "reconciler.h"

namespace testarena::server {

/// Steps a Reconciler whenever something is due or somebody wakes it, and, where the executor can tell of changes,
/// stays in its `wait_changes` on a second thread. Stops at once but for a call that is under way.
class ReconcilerThread {
 public:
  ReconcilerThread(Reconciler& reconciler, Executor& executor, std::string environment);
  ~ReconcilerThread();
  ReconcilerThread(const ReconcilerThread&) = delete;
  ReconcilerThread& operator=(const ReconcilerThread&) = delete;

  /// Any thread: the row of a job was written.
  void wake(int64_t job);
  void stop();

 private:
  void stepLoop();
  void changesLoop();
  void poke();
  /// False: the server stops.
  bool sleepFor(std::chrono::milliseconds time);

  Reconciler& reconciler_;
  Executor& executor_;
  const Logger log_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool poked_ = false;  ///< guarded by mutex_
  std::thread steps_;
  std::thread changes_;
};

}  // namespace testarena::server
