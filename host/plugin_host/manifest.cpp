// SPDX-License-Identifier: Apache-2.0
#include "manifest.h"

#include <algorithm>
#include <utility>

#include "json_reader.h"
#include "problems.h"
#include "text.h"

namespace testarena::plugin_host {
namespace {

// The manifest has a schema like any configuration. What stands under `config` is a schema itself and is checked as
// one.
constexpr std::string_view kManifestSchema = R"({
  "type": "object", "required": ["name", "version", "interfaces"], "properties": {
    "name": {"type": "string", "pattern": "[a-z][a-z0-9_]{0,63}", "description": "name of the file without .so"},
    "version": {"type": "string", "minLength": 1, "maxLength": 64},
    "description": {"type": "string", "default": ""},
    "vendor": {"type": "string", "default": ""},
    "interfaces": {"type": "array", "minItems": 1, "items": {
      "type": "object", "required": ["id"], "properties": {
        "id": {"type": "string", "pattern": "[a-z][a-z0-9_]*/[1-9][0-9]*", "description": "such as executor/1"},
        "max_concurrency": {"type": "integer", "minimum": 0, "maximum": 1000, "default": 1},
        "config": {"type": "object", "additionalProperties": true}}}}}})";

// What every table that names a plugin may have; the host's own, never seen by the plugin.
constexpr std::string_view kCommonKeys = R"({
  "plugin": {"type": "string", "minLength": 1, "description": "name or path of the plugin"},
  "isolation": {"type": "string", "enum": ["in-process", "process"], "default": "in-process", "x-restart": true,
                "description": "where the plugin runs"}})";

Schema withCommonKeys(Value config) {
  Schema own(config);  // refused as it was written, before anything is added to it
  Value& properties = config.member("properties");
  if (properties.isNull()) properties = Value(Value::Table());
  const Value common = parseJson(kCommonKeys, {}, "host");
  for (const Value::Member& member : common.table()) {
    if (const Value* taken = properties.find(member.key)) {
      throw ConfigurationError(taken->origin(), "config",
                               "the key '" + member.key + "' belongs to the host: choose another");
    }
    properties.table().push_back(member);
  }
  return Schema(std::move(config));
}

Value emptySchema() {
  return parseJson(R"({"type": "object"})", {}, "manifest");
}

}  // namespace

const Manifest::Interface* Manifest::find(std::string_view id) const {
  const auto found =
      std::find_if(interfaces.begin(), interfaces.end(), [id](const Interface& one) { return one.id == id; });
  return found == interfaces.end() ? nullptr : &*found;
}

std::string Manifest::interfaceIds() const {
  std::vector<std::string> ids;
  for (const Interface& one : interfaces) ids.push_back(one.id);
  return join(ids, ", ");
}

Manifest parseManifest(std::string_view json) {
  static const Schema schema(kManifestSchema, "manifest");
  Problems problems;
  const Value checked = schema.check(parseJson(json, {1 << 20, 64}, "manifest"), problems);
  problems.throwIfErrors();
  Manifest manifest;
  manifest.name = checked.find("name")->text();
  manifest.version = checked.find("version")->text();
  manifest.description = checked.find("description")->text();
  for (const Value& one : checked.find("interfaces")->list()) {
    const std::string& id = one.find("id")->text();
    if (manifest.find(id) != nullptr)
      throw ConfigurationError(one.origin(), "interfaces", "'" + id + "' is listed twice");
    const Value* config = one.find("config");
    manifest.interfaces.push_back(
        {id, one.find("max_concurrency")->integer(), withCommonKeys(config != nullptr ? *config : emptySchema())});
  }
  return manifest;
}

}  // namespace testarena::plugin_host
