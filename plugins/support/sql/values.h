// SPDX-License-Identifier: Apache-2.0
// How fields of records become parameters and columns: in the order of the record's field list, nested records
// flattened. Times are microseconds since 1970, truth values 0 and 1, enumerations their names: the same in every
// database.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <testarena/record.h>

#include "statement.h"

namespace testarena::sql {

template <class T>
void bindValue(Statement& statement, std::size_t& place, const T& value) {
  if constexpr (detail::isRecord<T>) {
    std::apply([&](const auto&... field) { (bindValue(statement, place, field), ...); }, value.ta_tie());
  } else if constexpr (std::is_same_v<T, std::vector<std::string_view>>) {
    for (const std::string_view text : value) statement.bindText(place++, text);
  } else if constexpr (detail::isOptional<T>) {
    if (value) {
      bindValue(statement, place, *value);
    } else {
      statement.bindNull(place++);
    }
  } else if constexpr (std::is_same_v<T, Time>) {
    statement.bindInteger(place++, value.time_since_epoch().count());
  } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t>) {
    statement.bindInteger(place++, value);
  } else if constexpr (detail::isNamedEnum<T>) {
    statement.bindText(place++, enumName(value));
  } else {
    static_assert(std::is_convertible_v<const T&, std::string_view>, "no type for a parameter: integers are int64_t");
    statement.bindText(place++, value);
  }
}

template <class T>
void readValue(Row& row, std::size_t& column, T& value) {
  if constexpr (detail::isRecord<T>) {
    std::apply([&](auto&... field) { (readValue(row, column, field), ...); }, value.ta_tie());
  } else if constexpr (detail::isOptional<T>) {
    if (row.isNull(column)) {
      value.reset();
      ++column;
    } else {
      readValue(row, column, value.emplace());
    }
  } else if constexpr (std::is_same_v<T, Time>) {
    value = Time(std::chrono::microseconds(row.integer(column++)));
  } else if constexpr (std::is_same_v<T, bool>) {
    value = row.integer(column++) != 0;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    value = row.integer(column++);
  } else if constexpr (detail::isNamedEnum<T>) {
    std::string name;
    row.text(column++, name);
    value = enumValue<T>(name).value_or(T{});
  } else {
    static_assert(std::is_same_v<T, std::string>, "no type for a column");
    row.text(column++, value);
  }
}

}  // namespace testarena::sql
