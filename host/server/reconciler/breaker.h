// SPDX-License-Identifier: Apache-2.0
// Circuit breaker: when a remote that does not answer is asked again, and when its jobs are worth a call.
#pragma once

#include <chrono>

#include "backoff.h"
#include "clock.h"
#include "random.h"

namespace testarena::server {

/// closed: it answers. suspected: it has missed an answer about itself, the next one decides. open: it has missed
/// several in a row and only probes go out. half_open: open, and a probe is due.
enum class BreakerState { closed, suspected, open, half_open };

/// Fed with the calls that speak about the remote as a whole; what one job's call meets says nothing of the others.
/// Not for several threads at once.
class Breaker {
 public:
  using Steady = Clock::Steady;

  /// `failures`: how many in a row open it. The pauses double from `first` to `most`, each with jitter.
  Breaker(int failures, std::chrono::milliseconds first, std::chrono::milliseconds most)
      : failuresToOpen_(failures), backoff_(first, most) {}

  BreakerState state(Steady now) const;
  bool isOpen() const { return backoff_.failures() >= failuresToOpen_; }
  /// Calls for single jobs may go out.
  bool allowsJobs() const { return backoff_.failures() == 0; }
  /// The remote may be asked how it is.
  bool allowsQuestion(Steady now) const { return now >= due_; }
  /// Before this time nothing is asked; meaningful while it is not closed.
  Steady due() const { return due_; }

  void succeeded();
  /// How long the pause is that begins now.
  std::chrono::milliseconds failed(Steady now, Random& random);

 private:
  int failuresToOpen_;
  Backoff backoff_;
  Steady due_{};
};

}  // namespace testarena::server
