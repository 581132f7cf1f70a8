// SPDX-License-Identifier: Apache-2.0
// Moves queues on: the only code that asks the executor to do something.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <testarena/executor.h>

#include "clock.h"
#include "log.h"
#include "queue_table.h"

namespace testarena::runner {

/// A queue waits in the runner until the executor has a free slot: so a later one of higher priority overtakes it. Then
/// it is handed over as a whole.
///
///   waiting ──a slot is free──▶ sending ──taken──▶ accepted ──its end was seen──▶ ended
///
/// `sending` is on disk before the executor is called. What becomes of a queue whose answer was lost depends on what
/// the executor can prove (see Idempotency): it is sent again at once, or asked for first, or given up as errored.
///
/// One thread decides, a few do: each queue is in the hands of one of them at a time, so an executor that is slow with
/// one holds up no other.
class Dispatcher {
 public:
  /// `slots` is how many tasks may be under way at once.
  Dispatcher(QueueTable& table, Executor& executor, const Clock& clock, int64_t slots);
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  void start();
  /// Ends the threads; what runs goes on running.
  void stop();

  /// There may be something to do. Any thread; returns at once.
  void wake();

  int64_t slots() const { return slots_; }

  /// The most modest ones until the executor has told its own.
  ExecutorCapabilities capabilities() const;
  bool areCapabilitiesKnown() const;
  /// Waits for them, not longer than `limit`.
  void waitForCapabilities(std::chrono::milliseconds limit);

 private:
  using Steady = Clock::Steady;

  /// What is known of a queue beside what the table keeps.
  struct Pace {
    bool inHand = false;  ///< one of the workers has it
    int failures = 0;     ///< in a row
    Steady notBefore{};   ///< nothing is tried again earlier
    bool abortSent = false;
    std::set<int64_t> abortedTasks;      ///< whose abort the executor has taken
    std::optional<Steady> missingSince;  ///< the executor did not know it when asked
  };

  static constexpr std::chrono::milliseconds kCallLimit{30'000};
  static constexpr std::chrono::milliseconds kIdle{60'000};

  // dispatcher.cpp: the threads
  void decide();
  void work();
  void followChanges();
  void learnCapabilities();
  Steady giveOutWork();
  bool isDue(const Queue& queue, const Pace& pace) const;
  Call call(std::chrono::milliseconds limit) const;

  // many_queues.cpp
  void poll();
  bool observe(const JobStatus& seen);

  // one_queue.cpp
  void act(const std::string& id);
  void showProblem(const std::string& id, const std::string& problem);
  void doNext(const Queue& queue);
  bool markSending(const std::string& id, Queue& marked);
  void send(const std::string& id, bool again);
  void accept(const std::string& id, const std::string& handle);
  void recover(const Queue& queue);
  void giveUp(const Queue& queue);
  void abort(const Queue& queue);
  void abortTasks(const Queue& queue);
  void remove(const Queue& queue);
  void endErrored(const std::string& id, const std::string& reason);
  void endAborted(const std::string& id);
  std::chrono::milliseconds inFlight(const Queue& queue, const ExecutorCapabilities& can) const;

  QueueTable& table_;
  Executor& executor_;
  const Clock& clock_;
  const int64_t slots_;
  const Logger log_{"dispatcher"};

  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::condition_variable woken_;      ///< the thread that decides
  std::condition_variable workGiven_;  ///< the workers, and whoever waits for a time
  bool awake_ = true;
  bool look_ = true;  ///< the executor's jobs may have changed
  std::deque<std::string> due_;
  std::map<std::string, Pace> paces_;
  std::optional<ExecutorCapabilities> capabilities_;

  Steady nextPoll_{};                          ///< the deciding thread's own
  std::chrono::milliseconds pollInterval_{0};  ///< the deciding thread's own
  bool missing_ = false;                       ///< the deciding thread's own: the executor did not know one of them
  std::vector<std::thread> threads_;
};

}  // namespace testarena::runner
