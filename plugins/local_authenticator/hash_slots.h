// SPDX-License-Identifier: Apache-2.0
// How many passwords are hashed at once.
#pragma once

#include <condition_variable>
#include <mutex>

#include <testarena/call.h>

namespace testarena {

/// A few hash, some more wait, the rest is sent away: a flood of logins takes a bounded amount of memory and
/// processors. Any number of threads.
class HashSlots {
 public:
  HashSlots(int hashing, int waiting) : free_(hashing), may_wait_(waiting) {}

  /// Has a slot until it is destroyed. `Unavailable`: too many wait already, or the call ended while waiting.
  class Slot {
   public:
    Slot(HashSlots& slots, const Call& call);
    ~Slot();
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    HashSlots& slots_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  int free_;      // guarded by mutex_
  int may_wait_;  // guarded by mutex_
};

}  // namespace testarena
