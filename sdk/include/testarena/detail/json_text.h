// SPDX-License-Identifier: Apache-2.0
// JSON strings and numbers.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include <testarena/utf8.h>

namespace testarena {
inline namespace v1 {

/// Appends `text` as a JSON string with its quotes. An octet that is no UTF-8 becomes U+FFFD.
inline void appendJsonText(std::string& out, std::string_view text);

namespace detail {

/// True if none of eight characters needs a second look: no control character, no quote, no backslash, nothing above
/// ASCII.
inline bool isPlainJson(std::uint64_t eight) {
  const auto hasZero = [](std::uint64_t x) { return (x - kOnes) & ~x & kHighs; };
  const std::uint64_t below32 = (eight - kOnes * 0x20) & ~eight & kHighs;
  return (below32 | hasZero(eight ^ kOnes * '"') | hasZero(eight ^ kOnes * '\\') | (eight & kHighs)) == 0;
}

inline void appendJsonEscape(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr char kHex[] = "0123456789abcdef";
  out += "\\u00";
  out += kHex[c >> 4];
  out += kHex[c & 0xF];
}

inline void appendJsonInteger(std::string& out, std::int64_t value) {
  char text[20];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, static_cast<std::size_t>(end - text));
}

/// JSON has no NaN and no infinities: they become null.
inline void appendJsonNumber(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, static_cast<std::size_t>(end - text));
}

}  // namespace detail

inline void appendJsonText(std::string& out, std::string_view text) {
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* copied = at;  // everything before is in `out`
  while (at != end) {
    if (end - at >= 8 && detail::isPlainJson(detail::loadEight(at))) {
      at += 8;
      continue;
    }
    const auto c = static_cast<unsigned char>(*at);
    const bool escape = c < 0x20 || c == '"' || c == '\\';
    const std::size_t length = escape ? 0 : detail::utf8Sequence(at, end);
    if (length != 0) {
      at += length;
      continue;
    }
    out.append(copied, static_cast<std::size_t>(at - copied));
    if (escape) {
      detail::appendJsonEscape(out, c);
    } else {
      out += "\xEF\xBF\xBD";
    }
    copied = ++at;
  }
  out.append(copied, static_cast<std::size_t>(end - copied));
  out += '"';
}

}  // namespace v1
}  // namespace testarena
