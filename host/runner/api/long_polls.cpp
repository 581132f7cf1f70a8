// SPDX-License-Identifier: Apache-2.0
#include "long_polls.h"

#include <algorithm>

#include <testarena/error.h>

namespace testarena::runner {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMost = 2000;  // each holds a connection

}  // namespace

LongPolls::LongPolls(const Clock& clock) : clock_(clock), thread_([this] { loop(); }) {}

LongPolls::~LongPolls() {
  stop();
  thread_.join();
}

http::Response LongPolls::answer(std::chrono::milliseconds timeout, Look look) {
  if (auto answer = look(timeout <= 0ms)) return std::move(*answer);
  return http::Response::later([this, timeout, look = std::move(look)](std::shared_ptr<http::PendingAnswer> pending) {
    const std::lock_guard lock(mutex_);
    if (stopping_) throw Unavailable("the runner is stopping: ask again later");
    if (waiting_.size() >= kMost) throw Unavailable("too many requests wait for something to happen: ask again later");
    waiting_.push_back({clock_.steady() + timeout, look, std::move(pending)});
    awake_ = true;  // something may have changed since it was looked at
    changed_.notify_one();
  });
}

void LongPolls::wake() {
  const std::lock_guard lock(mutex_);
  awake_ = true;
  changed_.notify_one();
}

void LongPolls::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = awake_ = true;
  changed_.notify_one();
}

void LongPolls::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_ || !waiting_.empty()) {
    auto next = clock_.steady() + 60s;
    for (const Waiting& waiting : waiting_) next = std::min(next, waiting.until);
    const auto pause =
        std::max<std::chrono::milliseconds>(std::chrono::ceil<std::chrono::milliseconds>(next - clock_.steady()), 0ms);
    changed_.wait_for(lock, pause, [this] { return awake_; });
    awake_ = false;
    // Looked at outside of the lock: what they look at has locks of its own, and whoever changes it wakes us.
    std::list<Waiting> looking;
    looking.swap(waiting_);
    const bool stopping = stopping_;
    lock.unlock();
    const auto now = clock_.steady();
    for (auto at = looking.begin(); at != looking.end();) {
      try {
        auto answer = at->look(stopping || now >= at->until);
        if (!answer && !stopping) {
          ++at;
          continue;
        }
        if (answer) at->answer->give(std::move(*answer));
      } catch (const std::exception&) {  // it goes away unanswered, which is a 503
      }
      at = looking.erase(at);
    }
    lock.lock();
    waiting_.splice(waiting_.end(), looking);
  }
}

}  // namespace testarena::runner
