// SPDX-License-Identifier: Apache-2.0
#include "workers.h"

namespace testarena::local_executor {

Workers::Workers(int count) {
  for (int i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
}

void Workers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Workers::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
}

bool Workers::isStopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Workers::postLater(std::chrono::milliseconds delay, std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    later_.emplace(std::chrono::steady_clock::now() + delay, std::move(work));
  }
  changed_.notify_one();
}

/// False if there will be none.
bool Workers::waitForWork(std::unique_lock<std::mutex>& lock) {
  while (!stopping_) {
    for (const auto now = std::chrono::steady_clock::now(); !later_.empty() && later_.begin()->first <= now;) {
      waiting_.push_back(std::move(later_.begin()->second));
      later_.erase(later_.begin());
    }
    if (!waiting_.empty()) return true;
    if (later_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, std::chrono::steady_clock::time_point(later_.begin()->first));
    }
  }
  return false;
}

void Workers::run() {
  std::unique_lock lock(mutex_);
  while (waitForWork(lock)) {
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace testarena::local_executor
