// SPDX-License-Identifier: Apache-2.0
#include "change_feed.h"

#include <algorithm>
#include <charconv>
#include <random>

namespace testarena::local_executor {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookForCancel = 100ms;
constexpr std::size_t kMostRemembered = 10'000;  // jobs; for one that waits longer than so many changes, all may have

std::string newLife() {
  std::random_device random;
  return std::to_string(random()) + "-" + std::to_string(random());
}

}  // namespace

ChangeFeed::ChangeFeed() : life_(newLife()) {}

void ChangeFeed::changed(const std::string& job) {
  {
    const std::lock_guard lock(mutex_);
    int64_t& position = position_[job];
    jobs_.erase(position);
    position = ++last_;
    jobs_.emplace(position, job);
    if (jobs_.size() > kMostRemembered) {
      position_.erase(jobs_.begin()->second);
      jobs_.erase(jobs_.begin());
    }
  }
  changed_.notify_all();
}

bool ChangeFeed::isOurs(const std::string& cursor, int64_t& position) const {
  const std::lock_guard lock(mutex_);
  position = last_;
  if (cursor.empty()) return true;
  const std::string mine = life_ + ":";
  if (cursor.compare(0, mine.size(), mine) != 0) return false;
  const char* end = cursor.data() + cursor.size();
  const auto [at, error] = std::from_chars(cursor.data() + mine.size(), end, position);
  if (error != std::errc() || at != end || position < 0 || position > last_) return false;
  // What was dropped from the memory may be what this one waits for.
  return jobs_.size() < kMostRemembered || position + 1 >= jobs_.begin()->first;
}

std::string ChangeFeed::cursorNow() const {
  const std::lock_guard lock(mutex_);
  return cursorAt(last_);
}

std::string ChangeFeed::cursorAt(int64_t position) const {
  return life_ + ":" + std::to_string(position);
}

Changes ChangeFeed::waitAfter(int64_t position, std::chrono::milliseconds timeout, const Call& call) {
  using Clock = Call::Clock;
  const auto longest = std::clamp<std::chrono::milliseconds>(timeout, 0ms, 10min);
  const Clock::time_point until = std::min(Clock::now() + longest, call.deadline());
  std::unique_lock lock(mutex_);
  while (last_ <= position && Clock::now() < until && !call.cancelled()) {
    changed_.wait_until(lock, std::min(until, Clock::now() + kLookForCancel));
  }
  Changes changes;
  changes.cursor = cursorAt(last_);
  for (auto at = jobs_.upper_bound(position); at != jobs_.end(); ++at) changes.jobs.push_back(at->second);
  return changes;
}

}  // namespace testarena::local_executor
