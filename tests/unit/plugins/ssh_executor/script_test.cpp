// SPDX-License-Identifier: Apache-2.0
// The script that is sent to machines: what is embedded is what stands in the tree, and shellcheck has no complaint.
#include <gtest/gtest.h>

#include "program.h"
#include "remote_script.h"
#include "ssh_server.h"
#include "temporary_folder.h"

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

}  // namespace
}  // namespace testarena::ssh_executor
