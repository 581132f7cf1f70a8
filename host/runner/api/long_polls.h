// SPDX-License-Identifier: Apache-2.0
// Requests that wait for something to happen, without a thread of their own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "clock.h"
#include "pending_answer.h"
#include "response.h"

namespace testarena::runner {

/// One thread looks at all of them whenever something may have changed, and when their time is over. Threads: any.
class LongPolls {
 public:
  /// The answer, or nothing while there is none yet; with `timeIsOver` there must be one. Called from any thread, one
  /// at a time for each request; must not wait for anything. What it throws
  /// later than at once is a 503.
  using Look = std::function<std::optional<http::Response>(bool timeIsOver)>;

  explicit LongPolls(const Clock& clock);
  ~LongPolls();
  LongPolls(const LongPolls&) = delete;
  LongPolls& operator=(const LongPolls&) = delete;

  /// Answers at once if `look` does, later otherwise. Throws Unavailable when too many wait already.
  http::Response answer(std::chrono::milliseconds timeout, Look look);

  /// Something may have changed. Returns at once.
  void wake();

  /// All who wait are answered as if their time were over, and so is who comes later.
  void stop();

 private:
  struct Waiting {
    Clock::Steady until;
    Look look;
    std::shared_ptr<http::PendingAnswer> answer;
  };

  void loop();

  const Clock& clock_;
  std::mutex mutex_;
  // Protected by mutex_.
  std::condition_variable changed_;
  std::list<Waiting> waiting_;
  bool awake_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace testarena::runner
