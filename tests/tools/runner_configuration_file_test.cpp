// SPDX-License-Identifier: Apache-2.0
// config/testarena-runner.toml against the schema that the runner checks configurations with.
#include <string>

#include <gtest/gtest.h>

#include "configuration_file.h"
#include "runner_settings.h"
#include "schema.h"
#include "settings.h"

namespace testarena::runner {
namespace {

class RunnerConfigurationFile : public testing::Test {
 protected:
  const Value schema_ = Schema(settingsSchema(), "schema").value();
  const Value file_ = parseToml(test::allKeys(TESTARENA_CONFIG_FILE), "every key of testarena-runner.toml");
};

TEST_F(RunnerConfigurationFile, isAcceptedWithEveryKeyInForce) {
  Problems problems;
  readSettings(file_, "/etc/testarena/testarena-runner.toml", problems);
  EXPECT_FALSE(problems.hasErrors()) << problems.errorText();
}

TEST_F(RunnerConfigurationFile, isAcceptedAsItStands) {
  Problems problems;
  const auto settings = readSettings(loadSettings({TESTARENA_CONFIG_FILE, {}, {}}), TESTARENA_CONFIG_FILE, problems);
  EXPECT_FALSE(problems.hasErrors()) << problems.errorText();
  EXPECT_EQ(settings.environment.find("executor")->find("plugin")->text(), "local_executor");
}

TEST_F(RunnerConfigurationFile, namesEveryKeyOfTheSchema) {
  int keys = 0;
  test::forEachKey(schema_, &file_, "", [&](const std::string& path, const Value&, const Value* value) {
    if (path.compare(0, 6, "token.") == 0) return;  // there is no token that could stand in a file for everybody
    ++keys;
    EXPECT_NE(value, nullptr) << path << " is missing in config/testarena-runner.toml";
  });
  EXPECT_GE(keys, 20);
}

TEST_F(RunnerConfigurationFile, showsTheTrueDefaults) {
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
}  // namespace testarena::runner
