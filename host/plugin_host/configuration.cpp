// SPDX-License-Identifier: Apache-2.0
#include "configuration.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "message_of.h"

namespace testarena::plugin_host {
namespace {

/// "/tls/key" or "tls.key" to its steps.
std::vector<std::string> steps(std::string_view path, char separator) {
  std::vector<std::string> all;
  while (!path.empty()) {
    const std::size_t end = path.find(separator);
    if (const std::string_view step = path.substr(0, end); !step.empty()) all.emplace_back(step);
    path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
  }
  return all;
}

const Value* child(const Value& value, const std::string& step) {
  if (!value.isList()) return value.find(step);
  std::size_t index = 0;
  const auto [end, failure] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool whole = failure == std::errc() && end == step.data() + step.size();
  return whole && index < value.list().size() ? &value.list()[index] : nullptr;
}

}  // namespace

Configuration::Configuration(Value table, std::string path, Schema schema, const Inheritance& from, Problems& problems)
    : complete_(inherit(table, schema, from)), path_(std::move(path)), schema_(std::move(schema)) {
  checked_ = schema_.check(complete_, problems, path_);
  if (!checked_.isTable()) return;
  const Value* isolation = checked_.find("isolation");
  if (isolation != nullptr && isolation->isText() && isolation->text() == "process") {
    isolation_ = Isolation::process;
    problems.error(isolation->origin(), keyPath(path_, "isolation"),
                   "\"process\" is not available yet: use \"in-process\", or leave the key out");
  }
  for (const char* own : {"plugin", "isolation"}) checked_.erase(own);
}

std::string Configuration::message() const {
  return messageOf(checked_);
}

std::string Configuration::secret(std::string_view key) const {
  Problems problems;
  const Value now = schema_.check(complete_, problems, path_);
  if (problems.hasErrors())
    throw Unavailable("the secret '" + std::string(key) + "' cannot be read now: " + problems.errorText());
  const Value* value = &now;
  const Value* rule = &schema_.value();
  for (const std::string& step : steps(key, '.')) {
    const Value* properties = rule->find("properties");
    rule = properties != nullptr ? properties->find(step) : nullptr;
    value = rule != nullptr ? value->find(step) : nullptr;
    if (value == nullptr) break;
  }
  // Only what the schema calls a secret: a plugin has its other keys from `create`.
  const Value* marked = value != nullptr ? rule->find("x-secret") : nullptr;
  if (marked == nullptr || !marked->boolean()) throw NotFound("no secret '" + std::string(key) + "' is configured");
  return value->text();
}

ConfigurationError Configuration::blame(const Error& error) const {
  const Value* place = &complete_;
  std::string path = path_;
  for (const std::string& step : steps(error.pointer(), '/')) {
    path = keyPath(path, step);
    if (place->find(step) == nullptr && place->find(step + "_file") != nullptr) {
      place = place->find(step + "_file");
      break;
    }
    const Value* next = child(*place, step);
    if (next == nullptr) break;  // a default: the table it would stand in is near enough
    place = next;
  }
  return ConfigurationError(place->origin(), path, error.what());
}

}  // namespace testarena::plugin_host
