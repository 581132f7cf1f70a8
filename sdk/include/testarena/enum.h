// SPDX-License-Identifier: Apache-2.0
// Enumerations whose values have the same name in C++, on the wire, in SQL and in JSON.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include <testarena/detail/names.h>

/// Defines `enum class Name` at namespace scope. The first enumerator of an enum that is a field of a record must be
/// `unknown`: that is what a name from a newer peer becomes. No explicit values: names are the identity, numbers are
/// not.
#define TA_ENUM(Name, ...)                                             \
  enum class Name { __VA_ARGS__ };                                     \
  [[maybe_unused]] constexpr ::std::string_view ta_enumerators(Name) { \
    return #__VA_ARGS__;                                               \
  }

namespace testarena {
inline namespace v1 {
namespace detail {

template <class T, class = void>
struct IsNamedEnum : std::false_type {};
template <class T>
struct IsNamedEnum<T, std::enable_if_t<std::is_enum_v<T>, std::void_t<decltype(ta_enumerators(T{}))>>>
    : std::true_type {};

template <class Enum>
inline constexpr auto kEnumerators = [] {
  constexpr std::string_view list = ta_enumerators(Enum{});
  constexpr auto names = splitNames<countNames(list)>(list);
  static_assert(areNames(names), "TA_ENUM takes plain names, without values");
  return names;
}();

}  // namespace detail

/// The name of a value; that of the first enumerator for a number that is none.
template <class Enum>
constexpr std::string_view enumName(Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return detail::kEnumerators<Enum>[index < detail::kEnumerators<Enum>.size() ? index : 0];
}

/// The value with this name, if there is one: `enumValue<State>("passed")`.
template <class Enum>
constexpr std::optional<Enum> enumValue(std::string_view name) {
  const std::size_t index = detail::indexOf(detail::kEnumerators<Enum>, name);
  if (index == detail::kEnumerators<Enum>.size()) return std::nullopt;
  return static_cast<Enum>(index);
}

/// All names, in order.
template <class Enum>
constexpr const auto& enumNames() {
  return detail::kEnumerators<Enum>;
}

}  // namespace v1
}  // namespace testarena
