// SPDX-License-Identifier: Apache-2.0
// Call: what an operation knows about the call it serves. Whoever asks makes one, whoever answers looks at it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <testarena/abi.h>
#include <testarena/bytes.h>
#include <testarena/error.h>

namespace testarena {
inline namespace v1 {

/// All members may be used from any thread until the call has been answered.
class Call {
 public:
  using Clock = std::chrono::steady_clock;

  /// A call that may take `limit` from now. A limit too large for the clock means none.
  explicit Call(std::chrono::milliseconds limit, std::string traceId = {}, std::function<bool()> cancelled = {})
      : Call(deadlineIn(limit), std::move(traceId), std::move(cancelled)) {}

  /// `cancelled` is asked from any thread, must not throw and must not block.
  explicit Call(Clock::time_point deadline, std::string traceId = {}, std::function<bool()> cancelled = {})
      : deadline_(deadline), ownTraceId_(std::move(traceId)), traceId_(ownTraceId_), cancelled_(std::move(cancelled)) {}

  /// The call that came over the boundary. It borrows from `call`.
  explicit Call(const ta_call& call)
      : deadline_(std::chrono::nanoseconds(call.deadline_ns)),
        traceId_(toView(call.trace_id)),
        cancelled_([&call] { return call.cancelled(call.ctx) != 0; }) {}

  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// When the answer is of no use any more. `Clock::time_point::max()`: never.
  Clock::time_point deadline() const { return deadline_; }

  /// How much time is left; 0 if none.
  std::chrono::milliseconds remaining() const {
    const Clock::time_point now = Clock::now();
    if (deadline_ == Clock::time_point::max()) return std::chrono::milliseconds::max();
    return deadline_ <= now ? std::chrono::milliseconds(0)
                            : std::chrono::ceil<std::chrono::milliseconds>(deadline_ - now);
  }

  /// True as soon as nobody waits for the answer: taken back, or past its deadline. What waits looks at least every 200
  /// ms.
  bool cancelled() const { return (cancelled_ && cancelled_()) || Clock::now() >= deadline_; }

  /// Throws Cancelled or DeadlineExceeded if nobody waits any more.
  void check() const {
    if (Clock::now() >= deadline_) throw DeadlineExceeded("the time for this call is over");
    if (cancelled_ && cancelled_()) throw Cancelled("the call was taken back");
  }

  /// The id that the log lines of the host have for what this call belongs to; may be empty.
  std::string_view traceId() const { return traceId_; }

 private:
  static Clock::time_point deadlineIn(std::chrono::milliseconds limit) {
    const Clock::time_point now = Clock::now();
    const auto most = std::chrono::floor<std::chrono::milliseconds>(Clock::time_point::max() - now);
    return limit >= most ? Clock::time_point::max() : now + limit;
  }

  Clock::time_point deadline_;
  std::string ownTraceId_;
  std::string_view traceId_;
  std::function<bool()> cancelled_;
};

}  // namespace v1
}  // namespace testarena
