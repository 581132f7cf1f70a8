// SPDX-License-Identifier: Apache-2.0
// refused: stop
#include <testarena/interface.h>

class Clock {
 public:
  virtual ~Clock() = default;
  virtual testarena::None now(const testarena::None&, testarena::Call&) = 0;
  virtual testarena::None stop(const testarena::None&, testarena::Call&) = 0;
};
#ifdef FIXED
TA_INTERFACE(Clock, "clock/1", now, stop)
#else
TA_INTERFACE(Clock, "clock/1", now)
#endif
ClockProxy proxy(nullptr);
