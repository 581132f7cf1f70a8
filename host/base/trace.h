// SPDX-License-Identifier: Apache-2.0
// Calls of plugins carry the trace id of what they are made for.
#pragma once

#include <chrono>

#include <testarena/call.h>

#include "log.h"

namespace testarena {

inline Call callWithin(std::chrono::milliseconds limit) {
  return Call(limit, currentTrace());
}

}  // namespace testarena
