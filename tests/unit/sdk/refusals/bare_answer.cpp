// SPDX-License-Identifier: Apache-2.0
// refused: requests and answers are records
#include <testarena/interface.h>

#ifdef FIXED
using Answer = testarena::None;
#else
using Answer = std::string;
#endif
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Answer now(const testarena::None&, testarena::Call&) = 0;
};
TA_INTERFACE(Clock, "clock/1", now)
ClockProxy proxy(nullptr);
