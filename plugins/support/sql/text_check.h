// SPDX-License-Identifier: Apache-2.0
// The one place where texts are checked before they reach SQL. SQLite would keep anything, PostgreSQL refuses NUL and
// what is not UTF-8: the same requests must have the same fate on both.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <testarena/error.h>
#include <testarena/record.h>
#include <testarena/utf8.h>

namespace testarena::sql {
namespace text_check {

/// Where in a record we are; only spelled out when there is something to complain about.
struct Place {
  const Place* parent = nullptr;
  std::string_view name;
  std::size_t index = 0;

  std::string pointer() const {
    if (parent == nullptr) return {};
    return parent->pointer() + "/" + (name.empty() ? std::to_string(index) : std::string(name));
  }
};

template <class T>
void check(const T& value, const Place& place) {
  if constexpr (std::is_same_v<T, std::string>) {
    if (value.find('\0') != std::string::npos) throw Invalid("the text contains a NUL character", place.pointer());
    if (!isUtf8(value)) throw Invalid("the text is not UTF-8", place.pointer());
  } else if constexpr (detail::isOptional<T>) {
    if (value) check(*value, place);
  } else if constexpr (detail::isVector<T>) {
    for (std::size_t i = 0; i < value.size(); ++i) check(value[i], Place{&place, {}, i});
  } else if constexpr (detail::isRecord<T>) {
    std::size_t field = 0;
    std::apply(
        [&](const auto&... member) {
          (check(member, Place{&place, detail::kFields<T>[field++], 0}), ...);
        },
        value.ta_tie());
  }
}

}  // namespace text_check

/// Throws Invalid, with a pointer to the field, if a text anywhere in `request` is not UTF-8 or contains NUL.
template <class Request>
void checkTexts(const Request& request) {
  text_check::check(request, text_check::Place{});
}

}  // namespace testarena::sql
