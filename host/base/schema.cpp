// SPDX-License-Identifier: Apache-2.0
#include "schema.h"

#include <functional>
#include <utility>

#include "json_reader.h"
#include "schema_check.h"
#include "schema_words.h"

namespace testarena {
namespace {

/// Calls `found` for every secret text of a checked tree.
void eachSecret(const Value& schema, Value& value, const std::function<void(Value&)>& found) {
  if (schema::isSecret(schema)) {
    if (value.isText()) found(value);
  } else if (value.isTable()) {
    const Value* properties = schema.find("properties");
    const Value* more = schema.find("additionalProperties");
    for (Value::Member& member : value.table()) {
      const Value* property = properties != nullptr ? properties->find(member.key) : nullptr;
      if (property == nullptr && more != nullptr && more->isTable()) property = more;
      if (property != nullptr) eachSecret(*property, member.value, found);
    }
  } else if (value.isList()) {
    const Value* items = schema.find("items");
    for (Value& element : value.list()) {
      if (items != nullptr) eachSecret(*items, element, found);
    }
  }
}

}  // namespace

Schema::Schema(std::string_view text, const std::string& name) : Schema(parseJson(text, {1 << 20, 64}, name)) {}

Schema::Schema(Value value) : schema_(std::make_shared<const Value>(std::move(value))) {
  schema::checkSchema(*schema_);
  // A default that its own rule refuses would be the administrator's riddle later.
  Problems problems;
  checkDefaults(*schema_, "schema", problems);
  problems.throwIfErrors();
}

void Schema::checkDefaults(const Value& schema, const std::string& path, Problems& problems) {
  if (const Value* standard = schema.find("default")) {
    Problems found;
    schema::Check(found).node(schema, *standard, path + ".default");
    for (const Problem& problem : found.all()) problems.add(problem);
  }
  const Value* properties = schema.find("properties");
  for (const Value::Member& member : properties != nullptr ? properties->table() : Value::Table()) {
    checkDefaults(member.value, keyPath(path, member.key), problems);
  }
  if (const Value* items = schema.find("items")) checkDefaults(*items, path + "[]", problems);
}

Value Schema::check(const Value& given, Problems& problems, const std::string& path) const {
  return schema::Check(problems).node(*schema_, given, path);
}

Value Schema::masked(const Value& checked) const {
  Value copy = checked;
  eachSecret(*schema_, copy, [](Value& secret) { secret = Value(std::string("***"), secret.origin()); });
  return copy;
}

std::vector<std::string> Schema::secrets(const Value& checked) const {
  std::vector<std::string> all;
  Value copy = checked;
  eachSecret(*schema_, copy, [&all](Value& secret) { all.push_back(secret.text()); });
  return all;
}

}  // namespace testarena
