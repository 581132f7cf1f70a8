// SPDX-License-Identifier: Apache-2.0
// The program's commands, its exit codes, and what it says of a broken configuration.
#include <fstream>
#include <signal.h>
#include <stdlib.h>

#include <gmock/gmock.h>

#include "json_reader.h"
#include "running_runner.h"

namespace testarena::integration {
namespace {

using testing::HasSubstr;

class RunnerCommands : public ::testing::Test {
 protected:
  Outcome check(const std::string& text, const std::vector<std::string>& more = {}) {
    const auto file = folder_ / "runner.toml";
    std::ofstream(file) << text;
    std::vector<std::string> arguments{TESTARENA_RUNNER, "check-config", "--config", file.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runProgram(arguments);
  }

  static inline const std::string kGood = "[runner]\nanonymous = true\n[executor]\nrepository = \"/tmp\"\n";

  const test::TemporaryFolder folder_;
};

TEST_F(RunnerCommands, aGoodConfigurationIsSaidToBe) {
  const auto outcome = check(kGood);
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("the configuration is valid"));
}

TEST_F(RunnerCommands, mistakesAreNamedWithTheirPlaceAndWhatWasMeant) {
  const struct {
    std::string text;
    const char* said;
  } cases[] = {
      {"[runner]\nanonymus = true\n[executor]\nrepository = \"/tmp\"\n", "runner.toml:2:1: runner.anonymus"},
      {"[runner]\nanonymus = true\n[executor]\nrepository = \"/tmp\"\n", "did you mean 'anonymous'"},
      {"[runner]\nprefix = \"api\"\n[executor]\nrepository = \"/tmp\"\n", "runner.prefix"},
      {"[runner]\nslots = -1\n[executor]\nrepository = \"/tmp\"\n", "runner.slots"},
      {"[runner]\nanonymous_from = [\"everywhere\"]\n[executor]\nrepository = \"/tmp\"\n", "runner.anonymous_from"},
      {"[executor]\nrepository = \"/tmp\"\n[[token]]\nname = \"a\"\nhash = \"secret\"\n", "token[0].hash"},
      {"[executor]\nrepository = \"/tmp\"\n[[token]]\nname = \"a\"\n", "hash"},
      {"[executor]\n", "repository"},
      {"", "executor"},
      {"[executor]\nrepository = \"/tmp\"\nsolts = 2\n", "did you mean 'slots'"},
      {"[executor]\nplugin = \"locl_executor\"\nrepository = \"/tmp\"\n", "locl_executor"},
      {"[executor]\nplugin = \"git_discoverer\"\nrepository = \"/tmp\"\n", "executor/1"},
      {"[executor\n", "runner.toml:1"},
  };
  for (const auto& [text, said] : cases) {
    const auto outcome = check(text);
    EXPECT_EQ(outcome.status, 78) << text << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr(said)) << text;
  }
  const std::string hash = "sha256:" + std::string(64, '0');
  const auto twice = "[[token]]\nname = \"a\"\nhash = \"" + hash + "\"\n";
  EXPECT_THAT(check(kGood + twice + twice).output, HasSubstr("another token 'a'"));
}

TEST_F(RunnerCommands, aRunnerThatNobodyCanUseIsAWarning) {
  const auto outcome = check("[executor]\nrepository = \"/tmp\"\n");
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("nobody can use this runner"));
}

TEST_F(RunnerCommands, variablesAndTheCommandLineOverrideTheFile) {
  EXPECT_EQ(check(kGood, {"--set", "runner.slots=x"}).status, 78);
  ::setenv("TESTARENA__RUNNER__SLOTS", "7", 1);
  EXPECT_THAT(check(kGood).output, HasSubstr("7 slot(s)"));
  ::unsetenv("TESTARENA__RUNNER__SLOTS");
}

TEST_F(RunnerCommands, wrongCommandLinesAreUsage) {
  EXPECT_EQ(runProgram({TESTARENA_RUNNER}).status, 2);
  EXPECT_EQ(runProgram({TESTARENA_RUNNER, "serv"}).status, 2);
  EXPECT_EQ(runProgram({TESTARENA_RUNNER, "serve"}).status, 2);
  EXPECT_EQ(runProgram({TESTARENA_RUNNER, "serve", "--config", "/nowhere/runner.toml"}).status, 2);
  EXPECT_EQ(runProgram({TESTARENA_RUNNER, "token"}).status, 2);
  EXPECT_EQ(runProgram({TESTARENA_RUNNER, "token", "a b"}).status, 2);
  EXPECT_EQ(runProgram({TESTARENA_RUNNER, "--help"}).status, 0);
}

TEST_F(RunnerCommands, versionAndTokensComeAsJsonToo) {
  const auto version = runProgram({TESTARENA_RUNNER, "version", "--json"});
  EXPECT_EQ(parseJson(version.output).find("name")->text(), "testarena-runner");
  const auto token = parseJson(runProgram({TESTARENA_RUNNER, "token", "host", "--json"}).output);
  EXPECT_EQ(token.find("name")->text(), "host");
  EXPECT_EQ(token.find("hash")->text().size(), 71U);
}

TEST_F(RunnerCommands, aSecondRunnerOnTheSameDataIsRefusedAndTheFirstGoesOn) {
  RunningRunner runner;
  const auto outcome = runProgram({TESTARENA_RUNNER, "serve", "--config", runner.config().string()});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr("only one may use this folder"));
  EXPECT_EQ(runner.get("/livez").status, 200);
}

TEST_F(RunnerCommands, theLogIsJsonWhereThatIsWanted) {
  RunningRunner::Options options;
  options.server = "log_format = \"json\"\n";
  RunningRunner runner(options);
  std::istringstream lines(runner.logText());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_TRUE(parseJson(line).isTable()) << line;
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace testarena::integration
