// SPDX-License-Identifier: Apache-2.0
// What time it is, behind an interface, so that code that waits and expires can be tested in simulated time.
#pragma once

#include <chrono>

#include <testarena/time.h>

namespace testarena {

/// Two clocks with two purposes. Threads: any.
class Clock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;

  /// The time of day, UTC: for rows, logs and people. It may jump in both directions.
  virtual Time now() const = 0;

  /// Never jumps, means nothing to people: for deadlines, back-off and leases.
  virtual Steady steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  Steady steady() const override;
};

}  // namespace testarena
