// SPDX-License-Identifier: Apache-2.0
#include "call_slots.h"

#include <algorithm>

#include "text.h"

namespace testarena::plugin_host {
namespace {

constexpr std::size_t kMostOverdue = 16;

/// How often a waiting call looks whether it was taken back: as often as <testarena/call.h> asks of plugins.
constexpr std::chrono::milliseconds kLook{200};

std::chrono::milliseconds since(CallSlots::Time past, CallSlots::Time now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - past);
}

}  // namespace

CallSlots::CallSlots(std::int64_t limit, std::chrono::milliseconds grace) : limit_(limit), grace_(grace) {}

CallSlots::Slot::Slot(CallSlots& slots, std::string_view operation, const Call& call)
    : slots_(slots), operation_(operation), deadline_(call.deadline()) {
  std::unique_lock lock(slots.mutex_);
  if (slots.hasRoom()) {
    place_ = slots.running_.insert(slots.running_.end(), this);
    inside_ = true;
    return;
  }
  const Time start = Call::Clock::now();
  place_ = slots.waiting_.insert(slots.waiting_.end(), this);
  while (!inside_) {
    const Time now = Call::Clock::now();
    const auto late = slots.overdueAt(now);
    const bool refused = now >= deadline_ || (late && late->stuck);
    if (refused || call.cancelled()) {
      slots.waiting_.erase(place_);
      if (refused) slots.refuseWaiting(*this, start);
      throw Cancelled("the call was taken back while it waited for its turn");
    }
    turn_.wait_until(lock, std::min(deadline_, now + kLook));
  }
}

CallSlots::Slot::~Slot() {
  const std::lock_guard lock(slots_.mutex_);
  slots_.running_.erase(place_);
  if (slots_.waiting_.empty()) return;
  // The place is handed over, not given up: a call that comes now cannot overtake those in line.
  Slot* next = slots_.waiting_.front();
  slots_.waiting_.pop_front();
  next->place_ = slots_.running_.insert(slots_.running_.end(), next);
  next->inside_ = true;
  next->turn_.notify_one();
}

bool CallSlots::hasRoom() const {
  if (limit_ == 0) {
    const auto late = running_.size() < kMostOverdue ? std::nullopt : overdueAt(Call::Clock::now());
    return !late || !late->stuck;
  }
  return waiting_.empty() && running_.size() < static_cast<std::size_t>(limit_);
}

std::optional<CallSlots::Overdue> CallSlots::overdueAt(Time now) const {
  Overdue worst;
  Time oldest = Time::max();
  for (const Slot* slot : running_) {
    if (slot->deadline_ == Time::max() || now < slot->deadline_ + grace_) continue;
    ++worst.calls;
    if (slot->deadline_ < oldest) {
      oldest = slot->deadline_;
      worst.operation = slot->operation_;
      worst.late = since(slot->deadline_, now);
    }
  }
  if (worst.calls == 0) return std::nullopt;
  const std::size_t bound = limit_ == 0 ? kMostOverdue : std::min(static_cast<std::size_t>(limit_), kMostOverdue);
  worst.stuck = worst.calls >= bound;
  return worst;
}

void CallSlots::refuseWaiting(const Slot& slot, Time start) const {
  const Time now = Call::Clock::now();
  if (const auto late = overdueAt(now); late && late->stuck) {
    throw Unavailable("the plugin is stuck: its operation '" + late->operation + "' has not come back for " +
                      formatDuration(late->late.count()) +
                      " after its deadline; restart the server, and tell the plugin's author");
  }
  throw Unavailable("the plugin is busy: " + std::to_string(running_.size()) +
                    " calls are inside, which is its limit, and '" + std::string(slot.operation_) + "' waited " +
                    formatDuration(since(start, now).count()) + " in line");
}

std::optional<CallSlots::Overdue> CallSlots::overdue() const {
  const std::lock_guard lock(mutex_);
  return overdueAt(Call::Clock::now());
}

std::size_t CallSlots::running() const {
  const std::lock_guard lock(mutex_);
  return running_.size();
}

std::size_t CallSlots::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace testarena::plugin_host
