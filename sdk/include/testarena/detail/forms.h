// SPDX-License-Identifier: Apache-2.0
// MessagePack's first octets: what kind of value each begins, and how much of it follows.
#pragma once

#include <array>
#include <cstdint>

namespace testarena {
inline namespace v1 {
namespace detail {

enum class Kind : std::uint8_t {
  kNull,
  kBool,
  kUnsigned,
  kSigned,
  kFloat,
  kText,
  kOctets,
  kExtension,
  kList,
  kMap,
  kUnused
};

/// `width` octets with a number or length follow the first one; if there are none, it is `inside`.
struct Form {
  Kind kind;
  std::uint8_t width;
  std::uint8_t inside;
};

// clang-format off
/// Of the octets C0 to DF.
inline constexpr std::array<Form, 32> kForms{{
    {Kind::kNull, 0, 0},      {Kind::kUnused, 0, 0},    {Kind::kBool, 0, 0},      {Kind::kBool, 0, 1},
    {Kind::kOctets, 1, 0},    {Kind::kOctets, 2, 0},    {Kind::kOctets, 4, 0},
    {Kind::kExtension, 1, 0}, {Kind::kExtension, 2, 0}, {Kind::kExtension, 4, 0},
    {Kind::kFloat, 4, 0},     {Kind::kFloat, 8, 0},
    {Kind::kUnsigned, 1, 0},  {Kind::kUnsigned, 2, 0},  {Kind::kUnsigned, 4, 0},  {Kind::kUnsigned, 8, 0},
    {Kind::kSigned, 1, 0},    {Kind::kSigned, 2, 0},    {Kind::kSigned, 4, 0},    {Kind::kSigned, 8, 0},
    {Kind::kExtension, 0, 1}, {Kind::kExtension, 0, 2}, {Kind::kExtension, 0, 4}, {Kind::kExtension, 0, 8},
    {Kind::kExtension, 0, 16},
    {Kind::kText, 1, 0},      {Kind::kText, 2, 0},      {Kind::kText, 4, 0},
    {Kind::kList, 2, 0},      {Kind::kList, 4, 0},
    {Kind::kMap, 2, 0},       {Kind::kMap, 4, 0}}};
// clang-format on

constexpr Form formOf(unsigned char first) {
  if (first <= 0x7F) return {Kind::kUnsigned, 0, first};
  if (first <= 0x8F) return {Kind::kMap, 0, static_cast<std::uint8_t>(first & 0x0F)};
  if (first <= 0x9F) return {Kind::kList, 0, static_cast<std::uint8_t>(first & 0x0F)};
  if (first <= 0xBF) return {Kind::kText, 0, static_cast<std::uint8_t>(first & 0x1F)};
  if (first >= 0xE0) return {Kind::kSigned, 0, first};
  return kForms[first - 0xC0U];
}

/// For messages: "expected text, found a list".
constexpr const char* kindName(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "true or false";
    case Kind::kUnsigned:
    case Kind::kSigned:
      return "an integer";
    case Kind::kFloat:
      return "a number with a fraction";
    case Kind::kText:
      return "text";
    case Kind::kOctets:
      return "octets";
    case Kind::kExtension:
      return "an extension";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
    case Kind::kUnused:
      break;
  }
  return "the octet C1, which MessagePack does not use";
}

}  // namespace detail
}  // namespace v1
}  // namespace testarena
