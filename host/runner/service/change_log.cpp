// SPDX-License-Identifier: Apache-2.0
#include "change_log.h"

#include <charconv>

#include "random.h"

namespace testarena::runner {

ChangeLog::ChangeLog() : life_(randomHex(8)) {}

void ChangeLog::changed(const std::string& queue) {
  int64_t& position = positions_[queue];
  byPosition_.erase(position);
  position = ++last_;
  byPosition_.emplace(position, queue);
}

std::string ChangeLog::cursor() const {
  return life_ + "-" + std::to_string(last_);
}

std::optional<std::vector<std::string>> ChangeLog::after(std::string_view cursor) const {
  const std::size_t dash = cursor.find('-');
  if (dash == std::string_view::npos || cursor.substr(0, dash) != life_) return std::nullopt;
  int64_t position = 0;
  const char* end = cursor.data() + cursor.size();
  const auto [at, error] = std::from_chars(cursor.data() + dash + 1, end, position);
  if (error != std::errc() || at != end || position < 0 || position > last_) return std::nullopt;
  std::vector<std::string> queues;
  for (auto change = byPosition_.upper_bound(position); change != byPosition_.end(); ++change) {
    queues.push_back(change->second);
  }
  return queues;
}

}  // namespace testarena::runner
