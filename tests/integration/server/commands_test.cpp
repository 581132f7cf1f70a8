// SPDX-License-Identifier: Apache-2.0
// The program's other commands, its exit codes, and what it says of a broken configuration.
#include <array>
#include <cstdio>
#include <fstream>
#include <signal.h>
#include <sys/wait.h>

#include "running_server.h"

namespace testarena::integration {
namespace {

struct Outcome {
  int status = 0;
  std::string output;
};

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() {
    std::string pattern = ::testing::TempDir() + "commands_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~CommandsTest() override { std::filesystem::remove_all(folder_); }

  /// Arguments of these tests hold nothing that a shell would change.
  static Outcome run(const std::string& arguments) {
    Outcome outcome;
    FILE* pipe = ::popen((std::string(TESTARENA_PROGRAM) + " " + arguments + " 2>&1 </dev/null").c_str(), "r");
    std::array<char, 4096> buffer{};
    while (const size_t got = ::fread(buffer.data(), 1, buffer.size(), pipe)) outcome.output.append(buffer.data(), got);
    const int status = ::pclose(pipe);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
  }

  Outcome check(const std::string& text) {
    const auto file = folder_ / "testarena.toml";
    std::ofstream(file) << text;
    return run("check-config --config " + file.string());
  }

  static std::string good() {
    return R"toml([storage]
plugin = "sqlite_storage"
[[authenticator]]
plugin = "local_authenticator"
[[environment]]
name = "lab"
executor = { plugin = "local_executor" }
discoverer = { plugin = "git_discoverer", repository = "/tmp" }
)toml";
  }

  std::filesystem::path folder_;
};

TEST_F(CommandsTest, aGoodConfigurationIsSaidToBe) {
  const auto outcome = check(good());
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("the configuration is valid"), std::string::npos);
}

TEST_F(CommandsTest, mistakesAreNamedWithFileLineAndTheNearestKey) {
  const auto outcome = check("[server]\nlisten = \"127.0.0.1:0\"\njob_time_limt = \"1h\"\n" + good());
  EXPECT_EQ(outcome.status, 78) << outcome.output;
  EXPECT_NE(outcome.output.find("testarena.toml:3:"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("did you mean 'job_time_limit'"), std::string::npos) << outcome.output;
}

TEST_F(CommandsTest, mistakesInAPluginsTableAreFoundWithoutStartingIt) {
  auto text = good();
  text.replace(text.find("\"local_executor\""), 16, "\"local_executor\", solts = 3");
  const auto outcome = check(text);
  EXPECT_EQ(outcome.status, 78) << outcome.output;
  EXPECT_NE(outcome.output.find("did you mean 'slots'"), std::string::npos) << outcome.output;
}

TEST_F(CommandsTest, pluginsInProcessesOfTheirOwnAreNotThereYetAndItSaysSo) {
  auto text = good();
  text.replace(text.find("\"local_executor\""), 16, "\"local_executor\", isolation = \"process\"");
  const auto outcome = check(text);
  EXPECT_EQ(outcome.status, 78) << outcome.output;
  EXPECT_NE(outcome.output.find("isolation"), std::string::npos) << outcome.output;
}

TEST_F(CommandsTest, aPluginThatDoesNotExistIsNamed) {
  auto text = good();
  text.replace(text.find("sqlite_storage"), 14, "sqlite_storge");
  const auto outcome = check(text);
  EXPECT_EQ(outcome.status, 78) << outcome.output;
  EXPECT_NE(outcome.output.find("sqlite_storge"), std::string::npos) << outcome.output;
}

TEST_F(CommandsTest, aWrongCommandLineIsUsage) {
  EXPECT_EQ(run("").status, 2);
  EXPECT_EQ(run("serv").status, 2);
  EXPECT_EQ(run("serve").status, 2);
  EXPECT_EQ(run("serve --config /nowhere/testarena.toml").status, 2);
  EXPECT_EQ(run("admin create-user anna --role king --config /dev/null").status, 2);
  EXPECT_EQ(run("--help").status, 0);
}

TEST_F(CommandsTest, versionAndInspectSayWhatTheyKnow) {
  EXPECT_NE(run("version --json").output.find("\"version\""), std::string::npos);
  const auto inspected = run("plugins inspect " TESTARENA_PLUGINS "/sqlite_storage.so");
  EXPECT_EQ(inspected.status, 0) << inspected.output;
  EXPECT_NE(inspected.output.find("storage/1"), std::string::npos) << inspected.output;
}

TEST_F(CommandsTest, aSecondServerOnTheSameDataIsRefusedAndNamesTheFirst) {
  RunningServer server;
  const auto outcome = run("serve --config " + (server.folder() / "testarena.toml").string());
  EXPECT_NE(outcome.status, 0);
  EXPECT_FALSE(outcome.output.empty());
  EXPECT_EQ(server.http().send("GET", "/livez").status, 200) << "the first goes on";
}

TEST_F(CommandsTest, theFirstPasswordsFileGoesWhenItIsNoLongerTrue) {
  RunningServer server;
  ASSERT_TRUE(std::filesystem::exists(server.folder() / "data/initial-admin-password"));
  const auto password = server.command({"admin", "reset-password", "admin"});
  EXPECT_FALSE(std::filesystem::exists(server.folder() / "data/initial-admin-password"));
  EXPECT_EQ(server.http().send("GET", "/api/v1/session", server.as("admin", password)).status, 200);
}

TEST_F(CommandsTest, accountsCanBeMadeWhileNoServerRuns) {
  RunningServer server;
  server.stop(SIGTERM);
  const auto password = server.createUser("nina", "user");
  server.start();
  EXPECT_EQ(server.http().send("GET", "/api/v1/session", server.as("nina", password)).status, 200);
}

}  // namespace
}  // namespace testarena::integration
