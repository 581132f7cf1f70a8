// SPDX-License-Identifier: Apache-2.0
#include "patience.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <system_error>

namespace testarena::http {
namespace {

using namespace std::chrono_literals;

constexpr auto kSlice = 50ms;  // how late a cancellation may be noticed

Call::Clock::time_point after(std::chrono::milliseconds limit) {
  const auto now = Call::Clock::now();
  const auto most = std::chrono::floor<std::chrono::milliseconds>(Call::Clock::time_point::max() - now);
  return limit >= most ? Call::Clock::time_point::max() : now + limit;
}

}  // namespace

Patience::Patience(const Call& call, std::chrono::milliseconds limit)
    : call_(&call), deadline_(std::min(call.deadline(), after(limit))) {}

Patience Patience::shortened(std::chrono::milliseconds limit) const {
  Patience shorter = *this;
  shorter.deadline_ = std::min(deadline_, after(limit));
  return shorter;
}

void Patience::check() const {
  if (Call::Clock::now() >= deadline_) throw DeadlineExceeded("no whole answer in the time there was");
  call_->check();
}

std::chrono::milliseconds Patience::slice() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Call::Clock::now());
  return std::clamp<std::chrono::milliseconds>(left, 0ms, kSlice);
}

void Patience::waitFor(int descriptor, short events) const {
  for (;;) {
    check();
    pollfd wanted{descriptor, events, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(slice().count()));
    if (ready > 0) return;  // an error of the socket too: the next operation on it says which
    if (ready < 0 && errno != EINTR) throw Unavailable("poll: " + std::generic_category().message(errno));
  }
}

}  // namespace testarena::http
