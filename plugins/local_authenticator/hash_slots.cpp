// SPDX-License-Identifier: Apache-2.0
#include "hash_slots.h"

#include <chrono>

#include <testarena/error.h>

namespace testarena {

HashSlots::Slot::Slot(HashSlots& slots, const Call& call) : slots_(slots) {
  constexpr std::chrono::milliseconds kLook{100};  // at whether somebody still waits for us
  std::unique_lock lock(slots_.mutex_);
  if (slots_.free_ == 0) {
    if (slots_.may_wait_ == 0) throw Unavailable("too many people log in at this moment, try again in a few seconds");
    --slots_.may_wait_;
    while (slots_.free_ == 0 && !call.cancelled()) slots_.freed_.wait_for(lock, kLook);
    ++slots_.may_wait_;
    if (slots_.free_ == 0) throw Unavailable("many people log in at this moment, and this login waited too long");
  }
  --slots_.free_;
}

HashSlots::Slot::~Slot() {
  {
    const std::lock_guard lock(slots_.mutex_);
    ++slots_.free_;
  }
  slots_.freed_.notify_one();
}

}  // namespace testarena
