// SPDX-License-Identifier: Apache-2.0
#include "clock.h"

namespace testarena {

Time SystemClock::now() const {
  return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
}

Clock::Steady SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

}  // namespace testarena
