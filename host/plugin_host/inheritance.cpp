// SPDX-License-Identifier: Apache-2.0
#include "inheritance.h"

#include <string>
#include <utility>

namespace testarena::plugin_host {
namespace {

bool isSecret(const Value& property) {
  const Value* secret = property.find("x-secret");
  return secret != nullptr && secret->boolean();
}

/// The key that a property is inherited from; empty if it is not.
std::string inheritedKey(const Value::Member& property) {
  const Value* inherit = property.value.find("x-inherit");
  if (inherit == nullptr) return {};
  if (inherit->isText()) return inherit->text();
  return inherit->boolean() ? property.key : std::string();
}

/// The first of the tables that has the key.
const Value* lookUp(const Inheritance& from, std::string_view key) {
  for (const Value& table : from) {
    if (const Value* value = table.find(key)) return value;
  }
  return nullptr;
}

}  // namespace

Inheritance hostInheritance(const std::filesystem::path& data) {
  Value host{Value::Table()};
  host.member("data") =
      Value(std::filesystem::absolute(data).lexically_normal().string(), {Origin::Kind::default_value, nullptr, 0, 0});
  return {std::move(host)};
}

Inheritance environmentInheritance(const Value& environment, std::string_view own, const std::filesystem::path& data) {
  const std::string_view other = own == "executor" ? "discoverer" : "executor";
  Value around{Value::Table(), environment.origin()};
  for (const Value::Member& member : environment.table()) {
    if (member.key != "executor" && member.key != "discoverer" && member.key != "name")
      around.table().push_back(member);
  }
  if (const Value* name = environment.find("name")) around.member("environment") = *name;
  Inheritance from = hostInheritance(data);
  if (const Value* sibling = environment.find(other)) from.insert(from.begin(), *sibling);
  from.insert(from.begin(), std::move(around));
  return from;
}

Value inherit(const Value& table, const Schema& schema, const Inheritance& from) {
  Value complete = table;
  const Value* properties = schema.value().find("properties");
  if (properties == nullptr || !complete.isTable()) return complete;
  for (const Value::Member& property : properties->table()) {
    const std::string key = inheritedKey(property);
    const std::string fileKey = property.key + "_file";
    const bool secret = isSecret(property.value);
    if (key.empty() || complete.find(property.key) != nullptr) continue;
    if (secret && complete.find(fileKey) != nullptr) continue;
    if (const Value* value = lookUp(from, key)) {
      complete.table().push_back({property.key, *value});
    } else if (const Value* file = secret ? lookUp(from, key + "_file") : nullptr) {
      complete.table().push_back({fileKey, *file});
    }
  }
  return complete;
}

}  // namespace testarena::plugin_host
