// SPDX-License-Identifier: Apache-2.0
// Checks one value by one schema. The rules are those that schema.h lists.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "problems.h"
#include "value.h"

namespace testarena::schema {

class Check {
 public:
  explicit Check(Problems& problems) : problems_(problems) {}

  /// The checked form of `given`. After a mistake the answer is the value as it was: the check goes on beside it.
  Value node(const Value& schema, const Value& given, const std::string& path);

 private:
  Value object(const Value& schema, const Value& given, const std::string& path);
  Value array(const Value& schema, const Value& given, const std::string& path);
  Value text(const Value& schema, const Value& given, const std::string& path);
  void limits(const Value& schema, const Value& value, const std::string& path);

  /// The value of one property of a table: given, read from its `_file`, or its default; nothing if it has none.
  std::optional<Value> member(const Value::Member& property, const Value& table, const std::string& path);
  /// The defaults within a table that is not there but could be empty.
  std::optional<Value> defaultsWithin(const Value& schema, const Value& parent, const std::string& path);
  /// Keys that are no property: refused, or checked by `additionalProperties`.
  void others(const Value& schema, const Value& given, const std::string& path, Value& checked);

  std::optional<Value> secretFrom(const Value& schema, const Value& file, const std::string& path);
  void mustBePrivate(const Value& value, const std::string& path);

  Value wrong(const Value& schema, const Value& value, const std::string& path);

  Problems& problems_;
};

}  // namespace testarena::schema
