// SPDX-License-Identifier: Apache-2.0
// How runs end on this machine: what is so everywhere (verdict_suite.h), and what is so only here.
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "laboratory.h"
#include "verdict_suite.h"

namespace testarena {

INSTANTIATE_TYPED_TEST_SUITE_P(LocalExecutor, ExecutorVerdicts, test::Laboratory);

namespace {

using test::Laboratory;
using testing::HasSubstr;
using testing::StartsWith;

TEST(LocalExecutorVerdicts, theProcessLimitIsFailed) {
  Laboratory lab;
  lab.settings.process_limit = 10;
  const RunStatus run = lab.runScript("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 600 & done\nwait\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "had more than 10 processes at once");
}

TEST(LocalExecutorVerdicts, runningAsRootWithoutAnAccountIsWarnedOf) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  Laboratory lab;
  lab.executor();
  EXPECT_THAT(lab.host().lines(), testing::Contains(AllOf(StartsWith("warning: "), HasSubstr("run_as"))));
  Call call(std::chrono::seconds(30));
  EXPECT_THAT(lab.executor().health({}, call).message, HasSubstr("run_as"));
}

TEST(LocalExecutorVerdicts, runsWhoseEndCannotBeStoredHoldUpNoOthers) {
  Laboratory lab;
  lab.settings.slots = 4;
  lab.write(".testarena.toml",
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\n"
            "[results]\nartifacts = [\"*.txt\"]\n");
  lab.script("waits", "while [ ! -e go ]; do sleep 0.02; done\n");
  lab.script("passes", "true\n");
  const std::vector<std::string> stuck = {"1", "2", "3"};
  for (const std::string& job : stuck) {
    lab.submit(job, {"scenarios/waits"});
    lab.waitFor(job, [](const JobStatus& now) { return now.runs[0].state == State::in_progress; });
    std::filesystem::create_directories(lab.jobFolder(job) / "runs/0/verdict/in the way");
    test::writeFile(lab.checkout(job) / "go", "");
  }
  for (const std::string& job : stuck) test::waitForFile(lab.jobFolder(job) / "runs/0/result");
  lab.submit("4", {"scenarios/passes"});
  EXPECT_EQ(lab.waitForEnd("4").state, State::passed);
  for (const std::string& job : stuck) {
    EXPECT_EQ(lab.status(job).state, State::in_progress);
    std::filesystem::remove_all(lab.jobFolder(job) / "runs/0/verdict");
  }
  for (const std::string& job : stuck) EXPECT_EQ(lab.waitForEnd(job).state, State::passed);
}

TEST(LocalExecutorVerdicts, aLogThatHasLostItsEndIsSaidToBe) {
  Laboratory lab;
  lab.runScript("echo 0123456789\n");
  const std::string job = lab.lastJob();
  std::filesystem::resize_file(lab.jobFolder(job) / "runs/0/log", 4);
  Call call(std::chrono::seconds(30));
  const std::string scenario = lab.status(job).runs[0].scenario;
  const LogPart part = lab.executor().read_log({job, job, scenario, 1, 0, 100}, call);
  EXPECT_EQ(part.data.view(), "0123");
  EXPECT_FALSE(part.complete);
  EXPECT_THROW(lab.executor().read_log({job, job, scenario, 1, 4, 100}, call), OutOfRange);
  std::filesystem::remove(lab.jobFolder(job) / "runs/0/log");
  EXPECT_THROW(lab.executor().read_log({job, job, scenario, 1, 0, 100}, call), OutOfRange);
}

}  // namespace
}  // namespace testarena
