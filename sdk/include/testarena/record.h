// SPDX-License-Identifier: Apache-2.0
// Records: plain structs that are described once. The one list of fields gives the bytes on the plugin boundary
// (message.h), the JSON of the API (json.h) and its schema (json_schema.h).
//
//     struct Status {
//       std::string reference;
//       State state = State::unknown;
//       std::optional<int64_t> exit_code;
//       TA_FIELDS(reference, state, exit_code)
//     };
//
// A field is one of: bool, int64_t, double, std::string (UTF-8), Bytes, Time, std::chrono::milliseconds, an enum of
// TA_ENUM, another record, std::optional, std::vector or std::map<std::string, ...> of these. The struct stays an
// aggregate; a member that TA_FIELDS does not list is an error when the record is first used.
//
// To change a record that has been released: add fields, never rename or remove one, never change what one means.
// Unknown fields are ignored by whoever reads; a missing one, and null, leaves the member as its initialiser made it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <testarena/bytes.h>
#include <testarena/detail/names.h>
#include <testarena/enum.h>
#include <testarena/time.h>

/// Lists all members of the struct it stands in, in the order of their declaration, as its last line.
#define TA_FIELDS(...)                            \
  static constexpr ::std::string_view ta_list() { \
    return #__VA_ARGS__;                          \
  }                                               \
  constexpr auto ta_tie() {                       \
    return ::std::tie(__VA_ARGS__);               \
  }                                               \
  constexpr auto ta_tie() const {                 \
    return ::std::tie(__VA_ARGS__);               \
  }

/// For a record without members. Requests and answers are records even if there is nothing to say yet.
#define TA_NO_FIELDS                              \
  static constexpr ::std::string_view ta_list() { \
    return {};                                    \
  }                                               \
  constexpr auto ta_tie() {                       \
    return ::std::tuple<>();                      \
  }                                               \
  constexpr auto ta_tie() const {                 \
    return ::std::tuple<>();                      \
  }

namespace testarena {
inline namespace v1 {

/// The answer of an operation that has nothing to say.
struct None {
  TA_NO_FIELDS
};

namespace detail {

template <class T, class = void>
struct IsRecord : std::false_type {};
template <class T>
struct IsRecord<T, std::void_t<decltype(T::ta_list())>> : std::true_type {};
template <class T>
inline constexpr bool isRecord = IsRecord<T>::value;

template <class T>
inline constexpr bool isOptional = false;
template <class T>
inline constexpr bool isOptional<std::optional<T>> = true;

template <class T>
inline constexpr bool isVector = false;
template <class T>
inline constexpr bool isVector<std::vector<T>> = true;

template <class T>
inline constexpr bool isMap = false;
template <class T>
inline constexpr bool isMap<std::map<std::string, T>> = true;

template <class T>
inline constexpr bool isNamedEnum = IsNamedEnum<T>::value;

// Counts the members of an aggregate by trying how many initialisers it takes. GCC's -Wconversion remarks that
// optional's constructor wins over the conversion, which is all the same here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
struct Anything {
  template <class T>
  operator T() const;  // NOLINT(google-explicit-constructor): it stands for an initialiser of any type
};
template <class T, class Indices, class = void>
struct Takes : std::false_type {};
template <class T, std::size_t... I>
struct Takes<T, std::index_sequence<I...>, std::void_t<decltype(T{(void(I), Anything{})...})>> : std::true_type {};
#pragma GCC diagnostic pop
template <class T, std::size_t N>
inline constexpr bool hasMembers =
    Takes<T, std::make_index_sequence<N>>::value && !Takes<T, std::make_index_sequence<N + 1>>::value;

/// The names of a record's fields. Using it checks the record.
template <class T>
inline constexpr auto kFields = [] {
  constexpr std::string_view list = T::ta_list();
  constexpr auto names = splitNames<countNames(list)>(list);
  static_assert(std::is_aggregate_v<T>, "a record is a plain struct: no constructors, no private members");
  static_assert(areNames(names), "TA_FIELDS takes plain names of members");
  static_assert(names.size() <= 64, "a record has at most 64 fields");
  static_assert(hasMembers<T, names.size()>, "TA_FIELDS does not list every member of the record");
  return names;
}();

template <class T>
inline constexpr std::size_t kFieldCount = kFields<T>.size();

template <class T>
inline constexpr bool kIsFieldType =
    std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, double> ||
    std::is_same_v<T, std::string> || std::is_same_v<T, Bytes> || std::is_same_v<T, Time> ||
    std::is_same_v<T, std::chrono::milliseconds> || isNamedEnum<T> || isRecord<T>;

/// Refuses types that the wire has no form for, in words instead of a page of templates.
template <class T>
constexpr bool checkFieldType() {
  if constexpr (isOptional<T>) {
    static_assert(!isOptional<typename T::value_type>, "an optional of an optional cannot be told from an unset one");
    return checkFieldType<typename T::value_type>();
  } else if constexpr (isVector<T>) {
    static_assert(!std::is_same_v<T, std::vector<bool>>,
                  "vector<bool> is no vector; use a vector of records or of int64_t");
    return checkFieldType<typename T::value_type>();
  } else if constexpr (isMap<T>) {
    return checkFieldType<typename T::mapped_type>();
  } else {
    static_assert(!std::is_integral_v<T> || std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t>,
                  "integers in records are int64_t");
    static_assert(!std::is_floating_point_v<T> || std::is_same_v<T, double>, "floating point in records is double");
    static_assert(!std::is_same_v<T, std::string_view>,
                  "records own their texts: std::string, or Bytes for large octets");
    static_assert(!std::is_enum_v<T> || isNamedEnum<T>, "an enum in a record is defined by TA_ENUM at namespace scope");
    static_assert(kIsFieldType<T>, "no type for a record's field: see the list at the top of record.h");
    if constexpr (isNamedEnum<T>) {
      static_assert(kEnumerators<T>[0] == "unknown",
                    "the first enumerator must be `unknown`: newer peers send newer names");
    }
    return true;
  }
}

/// Compares field by field, by its own means: std::vector and its like would look for operator== where a record of
/// another namespace has none.
template <class T>
bool areEqual(const T& a, const T& b) {
  if constexpr (isOptional<T>) {
    return a.has_value() == b.has_value() && (!a || areEqual(*a, *b));
  } else if constexpr (isVector<T>) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), areEqual<typename T::value_type>);
  } else if constexpr (isMap<T>) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& left, const auto& right) {
      return left.first == right.first && areEqual(left.second, right.second);
    });
  } else if constexpr (isRecord<T>) {
    const auto left = a.ta_tie();
    const auto right = b.ta_tie();
    return std::apply(
        [&](const auto&... member) {
          return std::apply([&](const auto&... other) { return (areEqual(member, other) && ...); }, right);
        },
        left);
  } else {
    return a == b;
  }
}

}  // namespace detail

/// Records are equal if all their fields are. For records outside of namespace testarena: `using
/// testarena::operator==;`.
template <class T>
auto operator==(const T& a, const T& b) -> std::enable_if_t<detail::isRecord<T>, bool> {
  return detail::areEqual(a, b);
}
template <class T>
auto operator!=(const T& a, const T& b) -> std::enable_if_t<detail::isRecord<T>, bool> {
  return !detail::areEqual(a, b);
}

}  // namespace v1
}  // namespace testarena
