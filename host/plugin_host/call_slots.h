// SPDX-License-Identifier: Apache-2.0
// How many calls may be inside one instance at once, who is next, and who stays too long.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <testarena/call.h>

namespace testarena::plugin_host {

/// First come, first served. Any thread.
class CallSlots {
 public:
  using Time = Call::Clock::time_point;

  /// A call that did not come back in time.
  struct Overdue {
    std::string operation;
    std::chrono::milliseconds late{0};  ///< since its deadline
    std::size_t calls = 0;              ///< how many are overdue
    bool stuck = false;                 ///< so many that no further call is let in
  };

  /// `limit` calls at once, 0: without limit. A call is overdue when it is still inside `grace` after its deadline.
  /// When all slots (of an instance without limit, or with many: 16) are held by overdue calls, the instance is stuck.
  CallSlots(std::int64_t limit, std::chrono::milliseconds grace);

  /// A place inside, held as long as it lives. It is part of the caller's stack.
  class Slot {
   public:
    /// Waits for its turn. The wait counts against the call's deadline. Throws, and then nothing has reached the
    /// plugin: Unavailable (the deadline came first, or the instance is stuck), Cancelled.
    Slot(CallSlots& slots, std::string_view operation, const Call& call);
    ~Slot();
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    friend class CallSlots;

    CallSlots& slots_;
    const std::string_view operation_;
    const Time deadline_;
    std::list<Slot*>::iterator place_;  ///< in running_ or waiting_; protected by slots_.mutex_
    bool inside_ = false;               ///< protected by slots_.mutex_
    std::condition_variable turn_;
  };

  /// What is overdue at this moment, if anything is.
  std::optional<Overdue> overdue() const;

  std::size_t running() const;
  std::size_t waiting() const;

 private:
  std::optional<Overdue> overdueAt(Time now) const;  // with mutex_ held
  bool hasRoom() const;                              // with mutex_ held
  [[noreturn]] void refuseWaiting(const Slot& slot, Time since) const;

  const std::int64_t limit_;
  const std::chrono::milliseconds grace_;

  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::list<Slot*> running_;
  std::list<Slot*> waiting_;
};

}  // namespace testarena::plugin_host
