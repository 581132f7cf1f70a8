// SPDX-License-Identifier: Apache-2.0
// config/testarena.toml against the schema that the server checks configurations with.
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "schema.h"
#include "server_settings.h"
#include "settings.h"

namespace testarena::server {
namespace {

/// The file with every key in force: a key at its default stands there behind a `#`.
std::string allKeys() {
  std::ifstream file(TESTARENA_CONFIG_FILE);
  std::ostringstream text;
  std::string line;
  static const std::regex kOptional("#([a-z_]+ = .*)");
  while (std::getline(file, line)) text << std::regex_replace(line, kOptional, "$1") << "\n";
  return text.str();
}

class ConfigurationFile : public testing::Test {
 protected:
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

  const Value schema_ = Schema(settingsSchema(), "schema").value();
  const Value file_ = parseToml(allKeys(), "every key of testarena.toml");
};

TEST_F(ConfigurationFile, isAcceptedWithEveryKeyInForce) {
  Problems problems;
  readSettings(file_, "/etc/testarena/testarena.toml", problems);
  EXPECT_FALSE(problems.hasErrors()) << problems.errorText();
}

TEST_F(ConfigurationFile, isAcceptedAsItStands) {
  Problems problems;
  const auto settings = readSettings(loadSettings({TESTARENA_CONFIG_FILE, {}, {}}), TESTARENA_CONFIG_FILE, problems);
  EXPECT_FALSE(problems.hasErrors()) << problems.errorText();
  EXPECT_EQ(settings.environments.size(), 1U);
}

TEST_F(ConfigurationFile, namesEveryKeyOfTheSchema) {
  int keys = 0;
  forEachKey(schema_, &file_, "", [&](const std::string& path, const Value&, const Value* value) {
    ++keys;
    EXPECT_NE(value, nullptr) << path << " is missing in config/testarena.toml";
  });
  EXPECT_GE(keys, 20);
}

TEST_F(ConfigurationFile, showsTheTrueDefaults) {
  int defaults = 0;
  forEachKey(schema_, &file_, "", [&](const std::string& path, const Value& rule, const Value* value) {
    const Value* expected = rule.find("default");
    if (expected == nullptr || value == nullptr) return;
    ++defaults;
    EXPECT_EQ(value->show(), expected->show()) << path;
    if (value->isList()) {
      EXPECT_EQ(value->list().size(), expected->list().size()) << path;
    }
  });
  EXPECT_GE(defaults, 15);
}

}  // namespace
}  // namespace testarena::server
