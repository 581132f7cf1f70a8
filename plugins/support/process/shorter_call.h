// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include <testarena/call.h>

namespace testarena {

/// The same call with a nearer end.
class ShorterCall : public Call {
 public:
  ShorterCall(const Call& call, std::chrono::milliseconds limit)
      : Call(std::min(call.remaining(), limit), std::string(call.traceId()), [&call] { return call.cancelled(); }) {}
};

}  // namespace testarena
