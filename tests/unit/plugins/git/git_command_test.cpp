// SPDX-License-Identifier: Apache-2.0
#include "git_command.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "recording_git.h"
#include "temporary_folder.h"
#include "test_repository.h"

namespace testarena::git {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const Call kPatient(1min);

GitSetting shownAs(const std::string& name) {
  GitSetting setting;
  setting.shown = name;
  return setting;
}

std::string script(const test::TemporaryFolder& folder, const std::string& text) {
  const auto path = folder / "git";
  test::writeFile(path, "#!/bin/sh\n" + text);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path.string();
}

TEST(GitCommand, runsGit) {
  const GitCommand git(shownAs("x"));
  EXPECT_THAT(git.output({"version"}, kPatient), HasSubstr("git version"));
}

TEST(GitCommand, saysInOneLineWhatGitSays) {
  test::TemporaryFolder folder;
  GitSetting setting = shownAs("/srv/x");
  setting.program =
      script(folder, "printf 'Host key verification failed.\\nfatal: no \\033[31mread\\n' >&2; exit 128\n");
  try {
    GitCommand(setting).output({"x"}, kPatient);
    FAIL();
  } catch (const Unavailable& error) {
    EXPECT_STREQ(error.what(),
                 "the repository /srv/x cannot be read: Host key verification failed.; fatal: no [31mread");
  }
}

TEST(GitCommand, throwsWhatTheCallSays) {
  test::TemporaryFolder folder;
  GitSetting setting = shownAs("/srv/x");
  setting.program = script(folder, "exec sleep 100\n");
  const GitCommand git(setting);
  EXPECT_THROW(git.run({"x"}, Call(50ms)), DeadlineExceeded);
  std::atomic<int> looks = 0;
  EXPECT_THROW(git.run({"x"}, Call(1min, "", [&] { return ++looks > 1; })), Cancelled);
}

TEST(GitCommand, throwsWhatIsMissingOrTooMuch) {
  GitSetting setting = shownAs("/srv/x");
  setting.program = "/nowhere/git";
  EXPECT_THROW(GitCommand(setting).run({"version"}, kPatient), Unavailable);
  EXPECT_THROW(GitCommand(shownAs("x")).run({"version"}, kPatient, 3), Exhausted);
}

TEST(GitCommand, seesNothingOfTheServersEnvironmentNorOfAnyConfiguration) {
  test::TemporaryFolder folder;
  test::RecordingGit recorder(folder.path());
  test::writeFile(folder / ".gitconfig", "[user]\n name = canary\n");
  setenv("HOME", folder.path().c_str(), 1);
  setenv("TESTARENA_SECRET", "canary", 1);
  setenv("GIT_DIR", "/canary", 1);
  GitSetting setting = shownAs("x");
  setting.program = recorder.program();
  EXPECT_THAT(GitCommand(setting).output({"config", "--list", "--show-scope"}, kPatient), Not(HasSubstr("canary")));
  unsetenv("GIT_DIR");
  const std::string environment = test::readFile(recorder.environment());
  EXPECT_THAT(environment, Not(HasSubstr("canary")));
  for (const char* variable : {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0",
                               "GIT_ALLOW_PROTOCOL=", "HOME=/nonexistent"}) {
    EXPECT_THAT(environment, HasSubstr(std::string(variable) + '\0')) << variable;
  }
}

// The one who owns a repository must not decide what runs as the server.
TEST(GitCommand, doesNotRunWhatARepositorysConfigurationNames) {
  test::TemporaryFolder folder;
  test::TestRepository repository(folder / "repository");
  repository.write("a", "a");
  repository.commit("a");
  const auto canary = folder / "canary";
  const std::string touch = "touch " + canary.string();
  repository.git({"config", "core.fsmonitor", touch});
  repository.git({"config", "core.pager", touch});
  repository.git({"config", "core.sshCommand", touch});
  test::writeFile(repository.path() / ".git/hooks/post-checkout", "#!/bin/sh\n" + touch + "\n");
  std::filesystem::permissions(repository.path() / ".git/hooks/post-checkout", std::filesystem::perms::owner_all);
  const GitCommand git(shownAs("x"));
  const std::vector<std::string> here = {"--git-dir=" + (repository.path() / ".git").string(),
                                         "--work-tree=" + repository.path().string()};
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"status"}, {"checkout", "--force", "main"}, {"log"}, {"rev-list", "HEAD"}}) {
    std::vector<std::string> arguments = here;
    arguments.insert(arguments.end(), more.begin(), more.end());
    git.output(arguments, kPatient);
  }
  EXPECT_FALSE(std::filesystem::exists(canary));
}

TEST(ShellQuoted, isOneWordForAShell) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 200; ++i) {
    std::string text;
    for (auto left = random() % 30; left > 0; --left) text += static_cast<char>(random() % 255 + 1);
    process::Program program;
    program.argv = {"/bin/sh", "-c", "printf %s. " + shellQuoted(text)};
    ASSERT_EQ(process::run(program, kPatient).output, text + ".");
  }
}

}  // namespace
}  // namespace testarena::git
