// SPDX-License-Identifier: Apache-2.0
// The JSON Schema (2020-12, as in OpenAPI 3.1) of what json.h writes for a record.
#pragma once

#include <string>

#include <testarena/record.h>

namespace testarena {
inline namespace v1 {
namespace detail {

/// `Outer`: the records around this one. A record inside itself is not written out again, else the text would have no
/// end.
template <class T, class... Outer>
void schemaOf(std::string& out);

template <class T, class... Outer, std::size_t... I>
void schemaOfFields(std::string& out, std::index_sequence<I...>) {
  using Members = decltype(std::declval<T&>().ta_tie());
  [[maybe_unused]] const auto named = [&](std::size_t index) {
    out += index == 0 ? "\"" : ",\"";
    out += kFields<T>[index];
    out += '"';
  };
  out += R"({"type":"object","properties":{)";
  ((named(I), out += ':', schemaOf<std::remove_reference_t<std::tuple_element_t<I, Members>>, T, Outer...>(out)), ...);
  out += R"(},"required":[)";
  (named(I), ...);
  out += "]}";
}

template <class T, class... Outer>
void schemaOf(std::string& out) {
  static_assert(!std::is_same_v<T, Bytes>, "octets have no JSON form");
  static_assert(checkFieldType<T>());
  if constexpr (isOptional<T>) {
    out += R"({"anyOf":[)";
    schemaOf<typename T::value_type, Outer...>(out);
    out += R"(,{"type":"null"}]})";
  } else if constexpr (isVector<T>) {
    out += R"({"type":"array","items":)";
    schemaOf<typename T::value_type, Outer...>(out);
    out += '}';
  } else if constexpr (isMap<T>) {
    out += R"({"type":"object","additionalProperties":)";
    schemaOf<typename T::mapped_type, Outer...>(out);
    out += '}';
  } else if constexpr (isRecord<T>) {
    if constexpr ((std::is_same_v<T, Outer> || ...)) {
      out += R"({"type":"object"})";
    } else {
      schemaOfFields<T, Outer...>(out, std::make_index_sequence<kFieldCount<T>>());
    }
  } else if constexpr (std::is_same_v<T, bool>) {
    out += R"({"type":"boolean"})";
  } else if constexpr (std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::chrono::milliseconds>) {
    out += R"({"type":"integer"})";
  } else if constexpr (std::is_same_v<T, double>) {
    out += R"({"type":["number","null"]})";  // NaN is written as null
  } else if constexpr (std::is_same_v<T, std::string>) {
    out += R"({"type":"string"})";
  } else if constexpr (std::is_same_v<T, Time>) {
    out += R"({"type":"string","format":"date-time"})";
  } else {
    out += R"({"type":"string","enum":[)";
    const char* separator = "\"";
    for (std::string_view name : enumNames<T>()) {
      out += separator;
      out += name;
      out += '"';
      separator = ",\"";
    }
    out += "]}";
  }
}

}  // namespace detail

/// For example {"type":"object","properties":{"id":{"type":"integer"}},"required":["id"]}. All fields are required:
/// json.h writes each of them. Optional ones may be null.
template <class T>
std::string jsonSchema() {
  std::string text;
  detail::schemaOf<T>(text);
  return text;
}

}  // namespace v1
}  // namespace testarena
