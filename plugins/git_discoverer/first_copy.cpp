// SPDX-License-Identifier: Apache-2.0
#include "first_copy.h"

#include <chrono>
#include <exception>
#include <string>

namespace testarena {

FirstCopy::FirstCopy(git::Repository& repository, const Host& host)
    : repository_(repository), host_(host), thread_([this] { fetch(); }) {}

FirstCopy::~FirstCopy() {
  ended_ = true;
  thread_.join();
}

void FirstCopy::fetch() {
  const Call call(Call::Clock::time_point::max(), "", [this] { return ended_.load(); });
  try {
    repository_.branches("", std::chrono::hours(24 * 365), call);
  } catch (const std::exception& error) {
    // Not the last word: each later call tries for itself.
    if (!ended_) host_.warning(std::string("not fetched: ") + error.what());
  }
}

}  // namespace testarena
