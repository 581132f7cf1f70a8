// SPDX-License-Identifier: Apache-2.0
// Threads that run handlers: few while requests are quick, many while they wait.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "counters.h"

namespace testarena::http {

struct PendingRequest;

/// Runs requests in the order they came, each on one thread.
///
/// Quick handlers want as many threads as processors and no more: every further one costs switches and caches. Handlers
/// that wait for a group commit want all to be there at once: the commit is shared by those who wait. So `hot` threads
/// are woken without question, the one that slept shortest first; more only when a handler says that it blocks
/// (enterBlocking), or when requests wait and none was taken for a while (noticeStall). A thread that is more than hot
/// and got a quick request goes back to sleep.
class WorkerPool {
 public:
  using Work = std::unique_ptr<PendingRequest>;
  struct Options {
    std::size_t hot = 2;
    std::size_t max = 96;
    std::size_t max_queued = 4096;
    std::chrono::milliseconds idle{30'000};
  };

  WorkerPool(Options options, std::function<void(Work)> run, Counters& counters);
  /// Stops, and waits for every handler however long it takes.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Queues all of `batch` that there is room for and takes it out; what stays in `batch` was not taken.
  void submit(std::vector<Work>& batch);

  /// To be called every few milliseconds while busy() is true. When nothing was taken off the queue since the last
  /// call, all who run are waiting for something: wakes as many again.
  void noticeStall();
  /// True while requests are waiting for a thread.
  bool busy() const;

  /// Drops what is queued, and lets the threads end after what they run. False if some still run after `patience`.
  bool stop(std::chrono::milliseconds patience);

  // For BlockingRegion, on a worker's thread. enterBlocking returns false elsewhere.
  static bool enterBlocking();
  static void leaveBlocking();

 private:
  struct Worker {
    std::condition_variable wake;
    bool woken = false;
    std::thread thread;
  };
  using Workers = std::list<Worker>;

  void runWorker(Workers::iterator self);
  bool sleep(std::unique_lock<std::mutex>& lock, Worker& self);
  void wakeOne(std::unique_lock<std::mutex>& lock);
  std::size_t active() const { return workers_.size() - idle_.size(); }

  const Options options_;
  const std::function<void(Work)> run_;
  Counters& counters_;

  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::deque<Work> queue_;
  Workers workers_;
  Workers ended_;                 ///< threads that ended and are still to be joined
  std::vector<Worker*> idle_;     ///< sleeping, the last one shortest
  std::size_t blocked_ = 0;       ///< active, but inside a BlockingRegion
  std::uint64_t taken_ = 0;       ///< requests ever taken off the queue
  std::uint64_t taken_then_ = 0;  ///< at the last noticeStall
  bool stopping_ = false;
  std::condition_variable all_ended_;
};

}  // namespace testarena::http
