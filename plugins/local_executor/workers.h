// SPDX-License-Identifier: Apache-2.0
// A few threads for work that takes long: checking out, removing, reading lists of tests.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace testarena::local_executor {

/// Threads: any.
class Workers {
 public:
  explicit Workers(int count);

  ~Workers() { stop(); }

  /// What was not begun is dropped; what is under way is waited for, and may still ask isStopping().
  void stop();

  /// `work` must not throw.
  void post(std::function<void()> work);

  /// True as soon as stop() is waiting: for work that can be cut short.
  bool isStopping() const;

  /// The same, but not before `delay` is over. For work that is tried again, and holds no thread meanwhile.
  void postLater(std::chrono::milliseconds delay, std::function<void()> work);

 private:
  void run();
  bool waitForWork(std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> later_;
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace testarena::local_executor
