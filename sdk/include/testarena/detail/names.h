// SPDX-License-Identifier: Apache-2.0
// Takes a macro's stringized argument list ("reference, state, exit_code") apart at compile time.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace testarena {
inline namespace v1 {
namespace detail {

constexpr std::size_t countNames(std::string_view list) {
  if (list.empty()) return 0;
  std::size_t count = 1;
  for (char c : list) count += c == ',' ? 1 : 0;
  return count;
}

constexpr std::string_view trimmed(std::string_view name) {
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  return name;
}

template <std::size_t N>
constexpr std::array<std::string_view, N> splitNames(std::string_view list) {
  std::array<std::string_view, N> names{};
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t comma = list.find(',');
    names[i] = trimmed(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return names;
}

constexpr bool isName(std::string_view text) {
  if (text.empty()) return false;
  for (char c : text) {
    if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_') return false;
  }
  return true;
}

template <std::size_t N>
constexpr bool areNames(const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (!isName(names[i])) return false;
  }
  return true;
}

/// The index of `name`, or N.
template <std::size_t N>
constexpr std::size_t indexOf(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return i;
  }
  return N;
}

}  // namespace detail
}  // namespace v1
}  // namespace testarena
