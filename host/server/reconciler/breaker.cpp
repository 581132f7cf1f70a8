// SPDX-License-Identifier: Apache-2.0
#include "breaker.h"

namespace testarena::server {

BreakerState Breaker::state(Steady now) const {
  if (allowsJobs()) return BreakerState::closed;
  if (!isOpen()) return BreakerState::suspected;
  return allowsQuestion(now) ? BreakerState::half_open : BreakerState::open;
}

void Breaker::succeeded() {
  backoff_.reset();
  due_ = {};
}

std::chrono::milliseconds Breaker::failed(Steady now, Random& random) {
  const auto pause = backoff_.next(random);
  due_ = now + pause;
  return pause;
}

}  // namespace testarena::server
