// SPDX-License-Identifier: Apache-2.0
// How long one exchange may go on waiting.
#pragma once

#include <chrono>

#include <testarena/call.h>

namespace testarena::http {

/// Sockets here never block; whoever waits for one does it here. So a deadline holds whatever the other side does, and
/// no second thread has to reach for a socket that may be another one by then.
class Patience {
 public:
  /// Until `limit` from now, at most as long as somebody waits for `call`, which must outlive it.
  Patience(const Call& call, std::chrono::milliseconds limit);
  /// The same, but not beyond `limit` from now.
  Patience shortened(std::chrono::milliseconds limit) const;

  /// Waits for `events` (POLLIN, POLLOUT) on a descriptor. Throws DeadlineExceeded or Cancelled.
  void waitFor(int descriptor, short events) const;

  /// Throws DeadlineExceeded or Cancelled when the time is over.
  void check() const;

  /// How long one may sleep before the next check.
  std::chrono::milliseconds slice() const;

 private:
  const Call* call_;
  Call::Clock::time_point deadline_;
};

}  // namespace testarena::http
