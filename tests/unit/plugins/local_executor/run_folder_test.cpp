// SPDX-License-Identifier: Apache-2.0
// Where plugin and supervisor meet, and the supervisor itself as a program.
#include "run_folder.h"

#include <csignal>
#include <cstdlib>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "laboratory.h"
#include "settings.h"
#include "temporary_folder.h"

namespace testarena::local_executor {
namespace {

class RunFolderTest : public testing::Test {
 protected:
  RunFolderTest() { std::filesystem::create_directories(run.output()); }

  RunOrder order(const std::string& script) {
    RunOrder order;
    order.command = {"sh", "-c", script};
    order.environment = {"PATH=/usr/bin:/bin"};
    order.folder = folder.path().string();
    order.abort_mark = (folder / "abort").string();
    order.grace_ms = 100;
    return order;
  }

  pid_t startSupervisor() {
    const std::string program = findSupervisor({}).string();
    const std::string path = run.path().string();
    char* arguments[] = {const_cast<char*>(program.c_str()), const_cast<char*>(path.c_str()), nullptr};
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments, environ), 0);
    return pid;
  }
  int wait(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int supervise() { return wait(startSupervisor()); }

  const test::TemporaryFolder folder;
  const RunFolder run{folder / "run"};
};

TEST_F(RunFolderTest, ordersAndResultsAreReadAsTheyWereWritten) {
  RunOrder written = order("echo \"a\nb\"");
  written.account = "nobody";
  written.time_limit_ms = 1;
  written.output_limit = 2;
  written.process_limit = 3;
  written.account_process_limit = 4;
  run.writeOrder(written);
  EXPECT_EQ(toNotes(*run.order()).entries(), toNotes(written).entries());
  EXPECT_EQ(run.result(), std::nullopt);
  RunResult result;
  result.ending = Ending::signalled;
  result.signal = 9;
  result.reason = "because";
  result.started_at_us = 1;
  result.finished_at_us = 2;
  result.log_bytes = 3;
  run.writeResult(result);
  EXPECT_EQ(toNotes(*run.result()).entries(), toNotes(result).entries());
}

TEST_F(RunFolderTest, aBrokenFileIsNamed) {
  test::writeFile(run.path() / "result", "ending exited\n");
  EXPECT_THAT([&] { run.result(); },
              testing::ThrowsMessage<std::runtime_error>(testing::HasSubstr("run/result is broken")));
}

TEST_F(RunFolderTest, theLockIsSeenByOthersAndOnlyOneHasIt) {
  EXPECT_FALSE(run.isSupervised());
  {
    const process::Descriptor lock = run.takeLock();
    ASSERT_TRUE(lock);
    EXPECT_TRUE(run.isSupervised());
    EXPECT_FALSE(run.takeLock());
    EXPECT_TRUE(run.isSupervised()) << "asking does not free it";
  }
  EXPECT_FALSE(run.isSupervised());
}

TEST_F(RunFolderTest, aSupervisorRunsItsOrderOnceAndRefusesTheSecondTime) {
  run.writeOrder(order("echo x >> count; exit 3"));
  EXPECT_EQ(supervise(), 0);
  ASSERT_TRUE(run.result());
  EXPECT_EQ(run.result()->ending, Ending::exited);
  EXPECT_EQ(run.result()->exit_code, 3);
  EXPECT_EQ(supervise(), 1);
  EXPECT_EQ(test::readFile(folder / "count"), "x\n");
}

TEST_F(RunFolderTest, aStartMarkAloneIsEnoughToRefuse) {
  run.writeOrder(order("echo x >> count"));
  run.writeStartMark({1, 1});
  EXPECT_EQ(supervise(), 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "count"));
  EXPECT_EQ(run.result(), std::nullopt);
}

TEST_F(RunFolderTest, ofSupervisorsStartedAtOnceOneRuns) {
  run.writeOrder(order("echo x >> count; sleep 0.2"));
  std::vector<pid_t> supervisors;
  for (int i = 0; i < 8; ++i) supervisors.push_back(startSupervisor());
  int done = 0;
  for (const pid_t supervisor : supervisors) done += wait(supervisor) == 0 ? 1 : 0;
  EXPECT_EQ(done, 1);
  EXPECT_EQ(test::readFile(folder / "count"), "x\n");
}

TEST_F(RunFolderTest, anAbortMarkThatIsThereBeforeStartsNothing) {
  run.writeOrder(order("echo x >> count"));
  test::writeFile(folder / "abort", "");
  EXPECT_EQ(supervise(), 0);
  EXPECT_EQ(run.result()->ending, Ending::aborted);
  EXPECT_EQ(run.result()->started_at_us, std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(folder / "count"));
}

TEST_F(RunFolderTest, aSupervisorThatIsToldToEndTakesItsRunWithItAndSaysSo) {
  run.writeOrder(order("echo $$ > pid; mv pid child; sleep 600"));
  const pid_t supervisor = startSupervisor();
  test::waitUntil([&] { return std::filesystem::exists(folder / "child"); }, "the start of the run");
  kill(supervisor, SIGTERM);
  EXPECT_EQ(wait(supervisor), 0);
  EXPECT_EQ(run.result()->ending, Ending::machine);
  EXPECT_THAT(run.result()->reason, testing::HasSubstr("told to end"));
  EXPECT_FALSE(test::isAlive(std::stoi(test::readFile(folder / "child"))));
}

TEST_F(RunFolderTest, whatCannotBeRunIsNotRunnableAndWhatTheMachineRefusesIsTheMachine) {
  RunOrder missing = order("");
  missing.command = {"no-such-command-anywhere"};
  run.writeOrder(missing);
  EXPECT_EQ(supervise(), 0);
  EXPECT_EQ(run.result()->ending, Ending::not_runnable);
  EXPECT_EQ(run.result()->reason, "command not found: no-such-command-anywhere");

  const RunFolder other(folder / "other");
  std::filesystem::create_directories(other.path());
  RunOrder nowhere = order("true");
  nowhere.folder = "/no/such/folder";
  other.writeOrder(nowhere);
  const std::string path = other.path().string();
  const std::string command = findSupervisor({}).string() + " '" + path + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(other.result()->ending, Ending::machine);
  EXPECT_THAT(other.result()->reason, testing::HasSubstr("/no/such/folder"));
}

}  // namespace
}  // namespace testarena::local_executor
