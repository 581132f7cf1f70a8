// SPDX-License-Identifier: Apache-2.0
// What a scenario gets, and what it does not see.
#include <cstdlib>
#include <fcntl.h>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "laboratory.h"

namespace testarena {
namespace {

using test::Laboratory;
using testing::HasSubstr;

std::set<std::string> lines(const std::string& text) {
  std::set<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) result.insert(line);
  return result;
}

TEST(LocalExecutorIsolation, aScenarioHasOnlyTheAllowedEnvironment) {
  setenv("CANARY_SECRET", "must-not-be-seen", 1);
  Laboratory lab;
  lab.write(".testarena.toml", "[[scenarios]]\nname = \"env\"\ncommand = [\"/usr/bin/env\"]\n");
  lab.submit("7", {"env"});
  EXPECT_EQ(lab.waitForEnd("7").state, State::passed);
  unsetenv("CANARY_SECRET");
  const std::string job = lab.jobFolder("7").string();
  const char* language = std::getenv("LANG");
  EXPECT_EQ(lines(lab.log("7", "env")),
            (std::set<std::string>{"PATH=" + std::string(std::getenv("PATH")),
                                   "LANG=" + std::string(language ? language : "C.UTF-8"), "HOME=" + job + "/checkout",
                                   "TESTARENA_JOB=7", "TESTARENA_SCENARIO=env", "TESTARENA_ATTEMPT=1",
                                   "TESTARENA_OUTPUT=" + job + "/runs/0/output"}));
}

TEST(LocalExecutorIsolation, aScenarioHasNoDescriptorButTheThreeAndAnEmptyInput) {
  Laboratory lab;
  const int inherited = open("/etc/hostname", O_RDONLY);  // as a library would that knows no O_CLOEXEC
  const RunStatus run = lab.runScript("echo /proc/self/fd/*\nreadlink /proc/self/fd/0\nwc -c\n");
  close(inherited);
  EXPECT_EQ(run.state, State::passed);
  const std::string log = lab.log(lab.lastJob(), run.scenario);
  // 10 is dash's own descriptor of the script it reads.
  EXPECT_THAT(log, testing::MatchesRegex("/proc/self/fd/0 /proc/self/fd/1( /proc/self/fd/10)? /proc/self/fd/2"
                                         "( /proc/self/fd/3)?\n/dev/null\n0\n"))
      << log;  // 3 is the folder that the shell lists
  EXPECT_THAT(log, testing::Not(HasSubstr("/proc/self/fd/4")));
}

TEST(LocalExecutorIsolation, aScenarioHasDefaultSignalsMaskAndLimits) {
  Laboratory lab;
  signal(SIGPIPE, SIG_IGN);  // as servers do; ignored signals are inherited
  const RunStatus run = lab.runScript("grep -E '^Sig(Blk|Ign):' /proc/self/status\numask\nulimit -c\nulimit -n\npwd\n");
  signal(SIGPIPE, SIG_DFL);
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario),
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0022\n0\n1024\n" +
                lab.checkout(lab.lastJob()).string() + "\n");
}

TEST(LocalExecutorIsolation, aScenarioRunsExactlyItsCommit) {
  Laboratory lab;
  lab.script("which", "git rev-parse HEAD\ncat scenarios/which.sh | head -c 3\n");
  const Submission submission = lab.submission("1", {"scenarios/which"});
  lab.script("which", "echo something else\n");
  lab.repository().commit("later");
  Call call(std::chrono::seconds(30));
  lab.executor().submit(submission, call);
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
  EXPECT_EQ(lab.log("1", "scenarios/which"), submission.commit + "\ngit");
}

class RunAs : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    lab.settings.run_as = "nobody";
    // The folder of this test is closed to others, as temporary folders are; what is above the data is the person's.
    std::filesystem::permissions(lab.folder(), std::filesystem::perms(0755));
    std::filesystem::create_directories(lab.settings.data);
    std::filesystem::permissions(lab.settings.data, std::filesystem::perms(0700));
  }

  Laboratory lab;
};

TEST_F(RunAs, aScenarioHasTheRightsOfTheAccountAndNoOthers) {
  const RunStatus run = lab.runScript(
      "id -un\nid -G\ntouch mine \"$TESTARENA_OUTPUT/mine\" && echo written\n"
      "cat ../order 2>/dev/null || echo no order\nls ../runs 2>/dev/null || echo no runs\n"
      "echo x > ../runs/0/result 2>/dev/null || echo no result\n"
      "kill -9 $PPID 2>/dev/null || echo not killed\n"
      "git status --short >/dev/null && echo git works\n");
  EXPECT_EQ(run.state, State::passed) << run.reason;
  const std::string log = lab.log(lab.lastJob(), run.scenario);
  EXPECT_THAT(log, testing::StartsWith("nobody\n65534\nwritten\nno order\nno runs\n"));
  EXPECT_THAT(log, HasSubstr("no result\n"));
  EXPECT_THAT(log, HasSubstr("not killed\n"));
  EXPECT_THAT(log, HasSubstr("git works\n"));
}

TEST_F(RunAs, theUmaskOfTheServerIsNoObstacle) {
  const mode_t before = umask(0077);  // as the systemd unit has it
  const RunStatus run = lab.runScript("cat scenarios/*.sh > copy && ls \"$TESTARENA_OUTPUT\" && umask\n");
  umask(before);
  EXPECT_EQ(run.state, State::passed) << run.reason << lab.log(lab.lastJob(), run.scenario);
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario), "0022\n");
}

TEST_F(RunAs, theDataFolderStaysClosedToEverybodyElse) {
  EXPECT_EQ(lab.runScript("true\n").state, State::passed);
  const auto open = std::filesystem::perms::others_all;
  EXPECT_EQ(std::filesystem::status(lab.settings.data).permissions() & open, std::filesystem::perms::none);
}

TEST_F(RunAs, aFolderAboveTheDataThatIsClosedIsSaidAtOnce) {
  std::filesystem::permissions(lab.folder(), std::filesystem::perms(0700));
  Call call(std::chrono::seconds(30));
  try {
    lab.executor().capabilities({}, call);
    FAIL() << "the account cannot reach its work folders";
  } catch (const Invalid& error) {
    EXPECT_EQ(error.pointer(), "/run_as");
    EXPECT_THAT(error.what(), HasSubstr("chmod o+x"));
    EXPECT_THAT(error.what(), HasSubstr(lab.folder().string()));
  }
}

TEST(LocalExecutorRunAs, anAccountThatIsNotThereIsRefused) {
  Laboratory lab;
  lab.settings.run_as = "no-such-account";
  EXPECT_THROW(lab.executor(), Invalid);
  lab.settings.run_as = "";
}

}  // namespace
}  // namespace testarena
