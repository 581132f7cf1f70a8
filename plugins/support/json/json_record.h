// SPDX-License-Identifier: Apache-2.0
// Records (TA_FIELDS) out of JSON as toJson() writes it.
#pragma once

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

#include <testarena/error.h>
#include <testarena/record.h>

#include "json_value.h"

namespace testarena::json {

/// RFC 3339: "2026-03-01T12:00:00Z", with or without a fraction, with Z or an offset.
std::optional<Time> parseTime(std::string_view text);

namespace detail {

[[noreturn]] void refuse(std::string_view field, std::string_view wanted);

template <class T>
void take(const Value& value, std::string_view name, T& field);

template <class T, std::size_t... I>
void takeMembers(const Value& value, T& record, std::index_sequence<I...>) {
  const auto member = [&value](std::string_view name, auto& field) {
    const Value* found = value.find(name);
    if (found != nullptr && !found->isNull()) take(*found, name, field);
  };
  auto fields = record.ta_tie();
  (member(testarena::detail::kFields<T>[I], std::get<I>(fields)), ...);
  (void)fields;
  (void)member;
}

template <class T>
void take(const Value& value, std::string_view name, T& field) {
  namespace sdk = testarena::detail;
  if constexpr (sdk::isOptional<T>) {
    take(value, name, field.emplace());
  } else if constexpr (sdk::isVector<T>) {
    if (value.list() == nullptr) refuse(name, "a list");
    field.clear();
    for (const Value& element : *value.list()) take(element, name, field.emplace_back());
  } else if constexpr (sdk::isRecord<T>) {
    if (value.object() == nullptr) refuse(name, "an object");
    takeMembers(value, field, std::make_index_sequence<sdk::kFieldCount<T>>());
  } else if constexpr (std::is_same_v<T, bool>) {
    if (value.boolean() == nullptr) refuse(name, "true or false");
    field = *value.boolean();
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    if (value.integer() == nullptr) refuse(name, "an integer");
    field = *value.integer();
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    if (value.integer() == nullptr) refuse(name, "an integer");
    field = std::chrono::milliseconds(*value.integer());
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (value.text() == nullptr) refuse(name, "a text");
    field = *value.text();
  } else if constexpr (std::is_same_v<T, Time>) {
    const auto time = value.text() != nullptr ? parseTime(*value.text()) : std::nullopt;
    if (!time) refuse(name, "a time");
    field = *time;
  } else {
    static_assert(sdk::isNamedEnum<T>, "this type of field cannot be read from JSON");
    if (value.text() == nullptr) refuse(name, "a word");
    field = enumValue<T>(*value.text()).value_or(T{});  // a newer peer's word: `unknown`
  }
}

}  // namespace detail

/// As decode() of <testarena/message.h>: unknown members are ignored, missing ones and null leave the default, unknown
/// words become `unknown`. Throws Invalid for what is no JSON or has another type.
template <class Record>
Record read(const Value& value) {
  Record record{};
  detail::take(value, "the whole", record);
  return record;
}
template <class Record>
Record read(std::string_view text) {
  return read<Record>(parse(text));
}

}  // namespace testarena::json
