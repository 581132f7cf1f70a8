// SPDX-License-Identifier: Apache-2.0
// A configuration file in which keys at their defaults stand behind a `#`, beside the schema that it is checked with.
#pragma once

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "value.h"

namespace testarena::test {

/// The file with every key in force.
inline std::string allKeys(const std::string& name) {
  std::ifstream file(name);
  std::ostringstream text;
  std::string line;
  static const std::regex kOptional("#([a-z_]+ = .*)");
  while (std::getline(file, line)) text << std::regex_replace(line, kOptional, "$1") << "\n";
  return text.str();
}

/// Visits every key that the schema names: its path, its rule, and its value in the file (null: not there).
template <class Visit>
void forEachKey(const Value& rule, const Value* value, const std::string& path, const Visit& visit) {
  if (rule.find("type")->text() == "array" && rule.find("items")->find("properties") != nullptr) {
    const bool given = value != nullptr && value->isList() && !value->list().empty();
    return forEachKey(*rule.find("items"), given ? &value->list().front() : nullptr, path, visit);
  }
  const Value* properties = rule.find("properties");
  if (properties == nullptr) return visit(path, rule, value);
  for (const auto& [key, inner] : properties->table()) {
    forEachKey(inner, value != nullptr ? value->find(key) : nullptr, path.empty() ? key : path + "." + key, visit);
  }
}

}  // namespace testarena::test
