// SPDX-License-Identifier: Apache-2.0
// Records as JSON, for the API: appendJson(out, record) writes behind what is there already, without building a tree.
//
// An unset optional is null, a Time RFC 3339 in UTC, milliseconds a number, an enumerator its name. Bytes have no JSON
// form: a record with a blob does not compile here.
#pragma once

#include <array>
#include <string>

#include <testarena/detail/json_text.h>
#include <testarena/json_schema.h>
#include <testarena/record.h>

namespace testarena {
inline namespace v1 {
namespace detail {

/// `{"name":` for the first field, `,"name":` for the others.
template <class T, std::size_t kIndex>
inline constexpr auto kJsonKey = [] {
  constexpr std::string_view name = kFields<T>[kIndex];
  std::array<char, name.size() + 4> key{};
  key[0] = kIndex == 0 ? '{' : ',';
  key[1] = '"';
  for (std::size_t i = 0; i < name.size(); ++i) key[i + 2] = name[i];
  key[name.size() + 2] = '"';
  key[name.size() + 3] = ':';
  return key;
}();

template <class T>
void jsonValue(std::string& out, const T& value);

template <class T, std::size_t... I>
void jsonFields(std::string& out, const T& record, std::index_sequence<I...>) {
  const auto members = record.ta_tie();
  ((out.append(kJsonKey<T, I>.data(), kJsonKey<T, I>.size()), jsonValue(out, std::get<I>(members))), ...);
}

template <class T>
void jsonValue(std::string& out, const T& value) {
  static_assert(!std::is_same_v<T, Bytes>, "octets have no JSON form: send them as the body of an answer of their own");
  static_assert(checkFieldType<T>());
  if constexpr (isOptional<T>) {
    if (value) {
      jsonValue(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (isVector<T>) {
    char separator = '[';
    for (const auto& element : value) {
      out += separator;
      jsonValue(out, element);
      separator = ',';
    }
    out += separator == '[' ? "[]" : "]";
  } else if constexpr (isMap<T>) {
    char separator = '{';
    for (const auto& [key, mapped] : value) {
      out += separator;
      appendJsonText(out, key);
      out += ':';
      jsonValue(out, mapped);
      separator = ',';
    }
    out += separator == '{' ? "{}" : "}";
  } else if constexpr (isRecord<T>) {
    if constexpr (kFieldCount<T> == 0) {
      out += "{}";
    } else {
      jsonFields(out, value, std::make_index_sequence<kFieldCount<T>>());
      out += '}';
    }
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    appendJsonInteger(out, value);
  } else if constexpr (std::is_same_v<T, double>) {
    appendJsonNumber(out, value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    appendJsonText(out, value);
  } else if constexpr (std::is_same_v<T, Time>) {
    out += '"';
    appendTime(out, value);
    out += '"';
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    appendJsonInteger(out, value.count());
  } else {
    out += '"';
    out += enumName(value);
    out += '"';
  }
}

}  // namespace detail

/// Appends a record, or a list, map or optional of them.
template <class T>
void appendJson(std::string& out, const T& value) {
  detail::jsonValue(out, value);
}

template <class T>
std::string toJson(const T& value) {
  std::string text;
  appendJson(text, value);
  return text;
}

}  // namespace v1
}  // namespace testarena
