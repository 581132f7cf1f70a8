// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "image.h"
#include "library.h"
#include "plugin_host.h"
#include "text.h"

namespace testarena::plugin_host {
namespace {

std::string wordOf(const Value& schema, std::string_view keyword) {
  const Value* value = schema.find(keyword);
  return value != nullptr && value->isText() ? value->text() : std::string();
}

std::string keyLine(const Value::Member& key, const Value* required) {
  bool must = false;
  for (const Value& name : required != nullptr ? required->list() : Value::List())
    must = must || name.text() == key.key;
  const std::string format = wordOf(key.value, "format");
  const Value* standard = key.value.find("default");
  const Value* secret = key.value.find("x-secret");
  std::string line = fmt::format("      {:<24} {}", key.key, format.empty() ? wordOf(key.value, "type") : format);
  if (must) line += ", required";
  if (secret != nullptr && secret->boolean()) line += ", secret";
  if (standard != nullptr) line += ", default " + standard->show();
  const std::string description = wordOf(key.value, "description");
  return line + (description.empty() ? "\n" : ": " + description + "\n");
}

}  // namespace

std::string describePlugin(const std::filesystem::path& file) {
  const Image image = inspectImage(file);
  const Manifest manifest = readManifest(file);
  std::string text = fmt::format("{} {}\n", manifest.name, manifest.version);
  if (!manifest.description.empty()) text += manifest.description + "\n";
  text += fmt::format("  file        {}\n  plugin ABI  {}\n", file.string(), image.abi_version);
  if (!image.glibc.empty()) text += "  needs       GLIBC " + image.glibc + "\n";
  text += "  libraries   " + join(image.needed, ", ") + "\n";
  for (const Manifest::Interface& interface : manifest.interfaces) {
    text += fmt::format(
        "  {}\n    calls at once: {}\n    configuration:\n", interface.id,
        interface.max_concurrency == 0 ? std::string("any number") : std::to_string(interface.max_concurrency));
    const Value& schema = interface.config.value();
    for (const Value::Member& key : schema.find("properties")->table()) text += keyLine(key, schema.find("required"));
  }
  return text;
}

}  // namespace testarena::plugin_host
