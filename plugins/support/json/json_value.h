// SPDX-License-Identifier: Apache-2.0
// A JSON text that a remote sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace testarena::json {

/// Numbers with a fraction or an exponent are doubles, all others integers: 1.0 is no integer.
struct Value {
  using List = std::vector<Value>;
  using Object = std::vector<std::pair<std::string, Value>>;  ///< in the order of the text; no name twice
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Object> is = nullptr;

  bool isNull() const { return std::holds_alternative<std::nullptr_t>(is); }
  const bool* boolean() const { return std::get_if<bool>(&is); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&is); }
  const double* real() const { return std::get_if<double>(&is); }
  const std::string* text() const { return std::get_if<std::string>(&is); }
  const List* list() const { return std::get_if<List>(&is); }
  const Object* object() const { return std::get_if<Object>(&is); }

  /// The member of an object; null if it is none or has none of the name.
  const Value* find(std::string_view name) const;
  /// A member that is a text, or an integer written as one: some servers do not tell ids from numbers.
  std::optional<std::string> word(std::string_view name) const;
};

/// Throws Invalid, saying where, for what is no JSON, is nested more than 64 deep, names a member twice, has integers
/// beyond 64 bits or texts that are no UTF-8.
Value parse(std::string_view text);

}  // namespace testarena::json
