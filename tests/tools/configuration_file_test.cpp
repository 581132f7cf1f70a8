// SPDX-License-Identifier: Apache-2.0
// config/testarena.toml against the schema that the server checks configurations with.
#include "configuration_file.h"

#include <string>

#include <gtest/gtest.h>

#include "schema.h"
#include "server_settings.h"
#include "settings.h"

namespace testarena::server {
namespace {

class ConfigurationFile : public testing::Test {
 protected:
  const Value schema_ = Schema(settingsSchema(), "schema").value();
  const Value file_ = parseToml(test::allKeys(TESTARENA_CONFIG_FILE), "every key of testarena.toml");
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
  test::forEachKey(schema_, &file_, "", [&](const std::string& path, const Value&, const Value* value) {
    ++keys;
    EXPECT_NE(value, nullptr) << path << " is missing in config/testarena.toml";
  });
  EXPECT_GE(keys, 20);
}

TEST_F(ConfigurationFile, showsTheTrueDefaults) {
  int defaults = 0;
  test::forEachKey(schema_, &file_, "", [&](const std::string& path, const Value& rule, const Value* value) {
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
