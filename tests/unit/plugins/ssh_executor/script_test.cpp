// SPDX-License-Identifier: Apache-2.0
// The script that is sent to machines: what is embedded is what stands in the tree, and shellcheck has no complaint.
#include <filesystem>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"
#include "remote_script.h"
#include "ssh_laboratory.h"

namespace testarena::ssh_executor {
namespace {

TEST(RemoteScript, isTheFilesOfTheTreeInTheirOrder) {
  std::string expected;
  for (const char* part : {"files", "locks", "job", "processes", "run", "answers"}) {
    expected += test::readFile(std::string(TESTARENA_REMOTE_SCRIPTS) + "/" + part + ".sh");
  }
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(std::string(kScript), expected);
  EXPECT_EQ(kScriptDigest.size(), 16u);
}

TEST(RemoteScript, isPlainPosixShellWithoutAComplaint) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "supervisor.sh";
  test::writeFile(file, std::string(kScript));
  process::Program program;
  program.argv = {"shellcheck", "--shell=sh", "--severity=warning", file};
  program.environment = {"PATH=/usr/bin:/bin"};
  const process::Finished finished = process::run(program, Call(std::chrono::seconds(60)));
  EXPECT_TRUE(finished.succeeded()) << finished.reason << "\n" << finished.output;
}

TEST(RemoteScript, refusesACommandThatItDoesNotHave) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "supervisor.sh";
  test::writeFile(file, std::string(kScript));
  EXPECT_THROW(test::runProgram({"sh", file, folder.path().string(), "format"}), std::runtime_error);
}

/// `sh` is another shell for everything that the machine runs.
void expectAllVerdictsUnder(const std::string& shell) {
  const test::TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::create_symlink(shell, folder / "sh");
  test::SshLaboratory lab({false, {"SetEnv PATH=" + folder.path().string() + ":/usr/bin:/bin"}});
  lab.settings.variables = {"PATH=" + folder.path().string() + ":/usr/bin:/bin"};
  lab.settings.output_limit = 100 << 10;
  lab.write(".testarena.toml",
            "[setup]\ncommand = [\"sh\", \"-c\", \"readlink /proc/$$/exe; true\"]\n"
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\ntimeout_s = 1\n");
  lab.script("a", "printf 'a\\000b'; exit 0\n");
  lab.script("b", "exit 3\n");
  lab.script("c", "kill -SEGV $$\n");
  lab.script("d", "echo before\nsleep 600\n");
  lab.script("e", "yes all work and no play\n");
  lab.script("f", "(setsid sleep 600 &)\nexit 77\n");
  lab.submit("1", {"scenarios/a", "scenarios/b", "scenarios/c", "scenarios/d", "scenarios/e", "scenarios/f"});
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_THAT(lab.log("1", ""), testing::HasSubstr(std::filesystem::path(shell).filename().string()));
  ASSERT_EQ(job.runs.size(), 6u);
  const std::vector<std::pair<State, std::string>> expected = {{State::passed, ""},
                                                               {State::failed, ""},
                                                               {State::failed, "ended by signal 11 (SIGSEGV)"},
                                                               {State::failed, "ran longer than 1 s"},
                                                               {State::failed, "wrote more than 100 KiB"},
                                                               {State::skipped, ""}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(job.runs[i].state, expected[i].first) << job.runs[i].scenario << " under " << shell;
    EXPECT_EQ(job.runs[i].reason, expected[i].second) << job.runs[i].scenario << " under " << shell;
  }
  EXPECT_EQ(lab.log("1", "scenarios/a"), std::string("a\0b", 3));
  EXPECT_EQ(lab.log("1", "scenarios/d"), "before\n");
  EXPECT_EQ(lab.log("1", "scenarios/e").size(), std::size_t{100} << 10);
}

TEST(RemoteScript, runsUnderBashAsWell) {
  expectAllVerdictsUnder("/bin/bash");
}

TEST(RemoteScript, runsUnderTheShellOfBusyboxAsWell) {
  expectAllVerdictsUnder("/bin/busybox");
}

}  // namespace
}  // namespace testarena::ssh_executor
