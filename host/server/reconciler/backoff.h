// SPDX-License-Identifier: Apache-2.0
// How long to wait before something that failed is tried again.
#pragma once

#include <chrono>

#include "random.h"

namespace testarena::server {

/// Exponential with full jitter: many that failed together do not come back together.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most) : first_(first), most_(most) {}

  /// Evenly from half to all of what this failure in a row is worth.
  std::chrono::milliseconds next(Random& random);
  void reset() { failures_ = 0; }
  int failures() const { return failures_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds most_;
  int failures_ = 0;
};

}  // namespace testarena::server
