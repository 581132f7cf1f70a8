// SPDX-License-Identifier: Apache-2.0
// UTF-8: texts in records must be UTF-8, everything else is Bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace testarena {
inline namespace v1 {
namespace detail {

inline constexpr std::uint64_t kOnes = 0x0101010101010101;
inline constexpr std::uint64_t kHighs = 0x8080808080808080;

inline std::uint64_t loadEight(const char* text) {
  std::uint64_t eight;
  std::memcpy(&eight, text, sizeof eight);
  return eight;
}

/// The length of the well-formed sequence at `text` (Unicode table 3-7: no overlong forms, no surrogates, at most
/// U+10FFFF), or 0 if there is none. `text < end`.
inline std::size_t utf8Sequence(const char* text, const char* end) {
  const auto at = [&](int i) { return static_cast<unsigned char>(text[i]); };
  const auto follows = [&](int i, unsigned low, unsigned high) { return at(i) >= low && at(i) <= high; };
  const unsigned first = at(0);
  const std::ptrdiff_t left = end - text;
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  if (first < 0xE0) return left >= 2 && follows(1, 0x80, 0xBF) ? 2 : 0;
  if (first < 0xF0) {
    return left >= 3 && follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2, 0x80, 0xBF)
               ? 3
               : 0;
  }
  return left >= 4 && follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2, 0x80, 0xBF) &&
                 follows(3, 0x80, 0xBF)
             ? 4
             : 0;
}

}  // namespace detail

inline bool isUtf8(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (end - at >= 8 && (detail::loadEight(at) & detail::kHighs) == 0) {
      at += 8;
      continue;
    }
    const std::size_t length = detail::utf8Sequence(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/// For texts from outside (a remote's reason, a name of a file): each octet that is no UTF-8 becomes U+FFFD.
inline std::string cleanUtf8(std::string_view text) {
  if (isUtf8(text)) return std::string(text);
  std::string clean;
  clean.reserve(text.size() + 16);
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const std::size_t length = detail::utf8Sequence(at, end);
    if (length == 0) {
      clean += "\xEF\xBF\xBD";
      ++at;
    } else {
      clean.append(at, length);
      at += length;
    }
  }
  return clean;
}

}  // namespace v1
}  // namespace testarena
