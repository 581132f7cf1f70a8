// SPDX-License-Identifier: Apache-2.0
// How runs end on another machine: what is so everywhere (verdict_suite.h), and what is so only there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ssh_laboratory.h"
#include "verdict_suite.h"

namespace testarena {

INSTANTIATE_TYPED_TEST_SUITE_P(SshExecutor, ExecutorVerdicts, test::SshLaboratory);

namespace {

using test::SshLaboratory;

TEST(SshExecutorVerdicts, theOutputLimitCountsToTheByte) {
  SshLaboratory lab;
  lab.settings.output_limit = 1000;  // no multiple of the blocks that a shell's limit counts in
  const RunStatus run = lab.runScript("head -c 1001 /dev/zero\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "wrote more than 1000 bytes");
  EXPECT_EQ(run.log_bytes, 1000);
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario).size(), 1000u);
}

TEST(SshExecutorVerdicts, signalsAndCodesThatLookLikeThemAreToldApart) {
  SshLaboratory lab;
  EXPECT_EQ(lab.runScript("exit 139\n").exit_code, 139);
  EXPECT_EQ(lab.runScript("exit 255\n").exit_code, 255);
  EXPECT_EQ(lab.runScript("kill -KILL $$\n").reason, "ended by signal 9 (SIGKILL)");
  EXPECT_EQ(lab.runScript("kill -INT $$\n").reason, "ended by signal 2 (SIGINT)");
}

TEST(SshExecutorVerdicts, aProgramWhoseInterpreterIsNotThereIsNotFound) {
  SshLaboratory lab;
  lab.write(".testarena.toml", "[[scenarios]]\nname = \"odd\"\ncommand = [\"./odd\"]\n");
  lab.write("odd", "#!/no/such/interpreter -x\n");
  std::filesystem::permissions(lab.repository().path() / "odd", std::filesystem::perms(0755));
  lab.submit("1", {"odd"});
  EXPECT_EQ(lab.waitForEnd("1").runs[0].reason, "command not found: ./odd");
  EXPECT_EQ(lab.log("1", "odd"), "");
}

TEST(SshExecutorVerdicts, whatARunLeavesRunningEndsWithIt) {
  SshLaboratory lab;
  lab.script("leaves",
             "(setsid sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 600' &)\n"
             "sleep 601 &\necho $! > child.new; mv child.new child\n"
             "while [ ! -e daemon ]; do sleep 0.01; done\n");
  lab.submit("1", {"scenarios/leaves"});
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
  EXPECT_FALSE(test::isAlive(std::stoi(test::waitForFile(lab.checkout("1") / "daemon"))));
  EXPECT_FALSE(test::isAlive(std::stoi(test::waitForFile(lab.checkout("1") / "child"))));
}

TEST(SshExecutorVerdicts, aTreeThatForksFasterThanOneCanKillEndsAsWell) {
  SshLaboratory lab;
  lab.script("forks", "for i in 1 2 3; do (while :; do setsid sleep 3 & sleep 0.02; done) & done\nwait\n");
  lab.submit("1", {"scenarios/forks"});
  lab.waitUntilRunning("1");
  lab.abort("1");
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.runs[0].state, State::aborted);
  EXPECT_EQ(job.runs[0].reason, "");
}

TEST(SshExecutorVerdicts, testsOfAListerAreRefusedInWords) {
  SshLaboratory lab;
  lab.write(".testarena.toml", "[[scenarios]]\nlister = \"ctest\"\n");
  Call call(std::chrono::seconds(60));
  try {
    lab.executor().submit(lab.submission("1", {"ctest"}), call);
    ADD_FAILURE() << "it was taken";
  } catch (const Invalid& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("tests of ctest cannot be run by ssh_executor"));
  }
  EXPECT_EQ(lab.status("1").state, State::unknown);
}

}  // namespace
}  // namespace testarena
