// SPDX-License-Identifier: Apache-2.0
#include "backoff.h"

#include <algorithm>

namespace testarena::server {

std::chrono::milliseconds Backoff::next(Random& random) {
  const auto doubled = first_ * (int64_t{1} << std::min(failures_, 20));
  const auto full = std::min(doubled, most_);
  ++failures_;
  const auto half = static_cast<std::uint64_t>(full.count() / 2);
  return std::chrono::milliseconds(static_cast<int64_t>(half + random.below(half + 1)));
}

}  // namespace testarena::server
