// SPDX-License-Identifier: Apache-2.0
#include "request_id.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <random>

namespace testarena::http {
namespace {

std::uint64_t randomStart() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

/// splitmix64's mixing: neighbours come out far apart, and no two the same.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace

std::string newRequestId() {
  static std::atomic<std::uint64_t> next{randomStart()};
  // 13 digits of 5 bits: short enough for std::string to need no memory for it.
  static constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
  std::uint64_t value = mixed(next.fetch_add(1, std::memory_order_relaxed));
  std::string text(13, '0');
  for (char& c : text) {
    c = kDigits[value & 31];
    value >>= 5;
  }
  return text;
}

bool isRequestId(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

}  // namespace testarena::http
