// SPDX-License-Identifier: Apache-2.0
// Keeps what is known of a remote, from the outcomes of calls: state, times, latency.
#pragma once

#include <chrono>
#include <deque>
#include <string>

#include "breaker.h"
#include "clock.h"
#include "random.h"
#include "remote_state.h"

namespace testarena::server {

/// Decides from outcomes, and calls nothing itself. Not for several threads at once.
class RemoteMonitor {
 public:
  RemoteMonitor(Breaker breaker, const Clock& clock, Random& random)
      : breaker_(std::move(breaker)), clock_(clock), random_(random) {}

  const Breaker& breaker() const { return breaker_; }
  const RemoteState& state() const { return state_; }

  /// It answered something, whatever that was.
  void answered();
  /// It answered a question about itself or about many jobs, after so long.
  void answered(std::chrono::microseconds latency);
  void told(Health health);
  /// It did not answer such a question; the pause until the next one.
  std::chrono::milliseconds failed(const std::string& why);
  /// A call for one job went wrong: kept to be shown, and no more.
  void noteError(const std::string& why);

 private:
  void settle();

  Breaker breaker_;
  const Clock& clock_;
  Random& random_;
  RemoteState state_;
  std::deque<int64_t> latencies_;
};

}  // namespace testarena::server
