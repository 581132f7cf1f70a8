// SPDX-License-Identifier: Apache-2.0
// Which passwords may be set.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace testarena {

inline constexpr std::size_t kShortestPassword = 15;   ///< characters
inline constexpr std::size_t kLongestPassword = 1024;  ///< bytes

/// Which rule the password breaks, in words for the person who chose it; empty if none. Length is what counts (NIST SP
/// 800-63B): no rules about kinds of characters, but none of the long ones that everybody guesses first.
std::string whyNoPassword(std::string_view password, std::string_view username);

/// True for what can be nobody's password and is not worth a hash: empty, too long, or with a NUL, where another
/// program that sees it would take it for ended.
bool isNoPassword(std::string_view password);

}  // namespace testarena
