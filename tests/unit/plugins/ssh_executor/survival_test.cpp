// SPDX-License-Identifier: Apache-2.0
// What goes on when somebody is killed: the host's side, sshd, the job's supervisor, a run's watcher.
#include <csignal>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cutting_proxy.h"
#include "ssh_laboratory.h"

namespace testarena {
namespace {

using test::SshLaboratory;
using testing::HasSubstr;

constexpr const char* kCounts =
    "echo run >> \"$HOME/count\"\nfor i in $(seq 1 60); do echo line $i; sleep 0.02; done\n";

std::string wholeCount() {
  std::string text;
  for (int i = 1; i <= 60; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

/// Of the lock's owner; 0 if nobody holds it.
pid_t ownerOf(const std::filesystem::path& lock) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(lock, none)) {
    return static_cast<pid_t>(std::stol(entry.path().filename().string()));
  }
  return 0;
}

TEST(SshExecutorSurvival, aJobGoesOnWhileTheHostIsAwayAndIsToldAsItEnded) {
  SshLaboratory lab;
  lab.script("counts", kCounts);
  lab.script("next", "echo next\n");
  lab.submit("1", {"scenarios/counts", "scenarios/next"});
  lab.waitUntilRunning("1");
  lab.restart();  // the object goes, with its connection and its memory
  test::waitUntil([&] { return std::filesystem::exists(lab.jobFolder("1") / "ended"); }, "the end of the job");
  const JobStatus job = lab.status("1");
  EXPECT_EQ(job.state, State::passed);
  EXPECT_EQ(lab.log("1", "scenarios/counts"), wholeCount());
  EXPECT_EQ(test::readFile(lab.checkout("1") / "count"), "run\n");
}

TEST(SshExecutorSurvival, aJobGoesOnWhenSshdIsKilledAndItsStateIsRightAfterwards) {
  SshLaboratory lab;
  lab.script("counts", kCounts);
  lab.submit("1", {"scenarios/counts"});
  lab.waitUntilRunning("1");
  lab.server().stop();
  EXPECT_THROW(lab.status("1"), Unavailable);
  test::waitUntil([&] { return std::filesystem::exists(lab.jobFolder("1") / "ended"); }, "the end of the job");
  lab.server().start();
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
  EXPECT_EQ(lab.log("1", "scenarios/counts"), wholeCount());
  EXPECT_EQ(test::readFile(lab.checkout("1") / "count"), "run\n") << "it ran once";
}

TEST(SshExecutorSurvival, aKilledSupervisorIsReplacedAndNothingRunsTwice) {
  SshLaboratory lab;
  lab.script("a", kCounts);
  lab.script("b", "echo b >> \"$HOME/count\"\n");
  lab.settings.slots = 1;
  lab.submit("1", {"scenarios/a", "scenarios/b"});
  lab.waitUntilRunning("1");
  const pid_t supervisor = ownerOf(lab.root() / "active" / "1");
  ASSERT_GT(supervisor, 0);
  ::kill(supervisor, SIGKILL);
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.state, State::passed) << job.reason;
  EXPECT_EQ(lab.log("1", "scenarios/a"), wholeCount());
  EXPECT_EQ(test::readFile(lab.checkout("1") / "count"), "run\nb\n");
}

TEST(SshExecutorSurvival, aKilledWatcherIsAnErrorAndNothingOfItsRunIsLeft) {
  SshLaboratory lab;
  lab.script("victim", "(setsid sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 600' &)\nsleep 600\n");
  lab.script("other", "echo well\n");
  lab.submit("1", {"scenarios/victim", "scenarios/other"});
  const pid_t daemon = std::stoi(test::waitForFile(lab.checkout("1") / "daemon"));
  const pid_t watcher = ownerOf(lab.jobFolder("1") / "runs/0/watcher");
  ASSERT_GT(watcher, 0);
  ::kill(watcher, SIGKILL);
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.state, State::errored);
  EXPECT_THAT(job.runs[0].reason, HasSubstr("supervisor lost"));
  EXPECT_EQ(job.runs[1].state, State::passed);
  EXPECT_FALSE(test::isAlive(daemon));
  Call call(std::chrono::seconds(60));
  EXPECT_EQ(lab.executor().health({}, call).slots_used, 0) << "the dead hold no slot";
  EXPECT_EQ(lab.status("1"), job);
}

TEST(SshExecutorSurvival, aMachineThatWasStartedAgainHasLostWhatRan) {
  SshLaboratory lab;
  lab.script("sleeps", "sleep 600\n");
  lab.submit("1", {"scenarios/sleeps"});
  lab.waitUntilRunning("1");
  // As after a crash: nobody is left, and the boot is another one.
  for (const auto& lock : {lab.root() / "active" / "1", lab.jobFolder("1") / "runs/0/watcher"}) {
    ::kill(ownerOf(lock), SIGKILL);
  }
  test::writeFile(lab.jobFolder("1") / "begun", "another-boot\n");
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.state, State::errored);
  EXPECT_THAT(job.runs[0].reason, HasSubstr("supervisor lost"));
}

TEST(SshExecutorSurvival, aSubmissionWhoseConnectionIsCutAnywhereRunsOnceOrNotAtAll) {
  SshLaboratory lab;
  lab.script("once", "echo once >> \"$HOME/../../../count.$TESTARENA_JOB\"\n");
  test::CuttingProxy proxy(lab.server().port());
  lab.server().know(proxy.port());
  lab.settings.port = proxy.port();
  lab.executor();
  for (int i = 0; i < 12; ++i) {
    const std::string job = std::to_string(i + 1);
    proxy.cutAfter(1500 + i * 450);
    lab.restart();
    try {
      Call call(std::chrono::seconds(15));
      lab.executor().submit(lab.submission(job, {"scenarios/once"}), call);
    } catch (const Unavailable&) {  // whether it was accepted is not known
    }
    proxy.cutAfter(-1);
    lab.restart();
    lab.submit(job, {"scenarios/once"});  // so it is sent again
    EXPECT_EQ(lab.waitForEnd(job).state, State::passed) << job;
    EXPECT_EQ(test::readFile(lab.root() / ("count." + job)), "once\n") << job;
  }
}

TEST(SshExecutorSurvival, aTombstoneStandsAgainstALateSubmission) {
  SshLaboratory lab;
  lab.script("a", "");
  const Submission submission = lab.submission("1", {"scenarios/a"});
  lab.remove("1");
  Call call(std::chrono::seconds(60));
  EXPECT_THROW(lab.executor().submit(submission, call), Conflict);
  lab.restart();
  EXPECT_THROW(lab.executor().submit(submission, call), Conflict);
  EXPECT_FALSE(std::filesystem::exists(lab.jobFolder("1")));
}

TEST(SshExecutorSurvival, aRemovalLeavesNothingButTheTombstone) {
  SshLaboratory lab;
  lab.script("locks", "mkdir shut; touch shut/file; chmod 000 shut\n");
  lab.submit("1", {"scenarios/locks"});
  lab.waitForEnd("1");
  lab.remove("1");
  EXPECT_FALSE(std::filesystem::exists(lab.jobFolder("1")));
  EXPECT_TRUE(std::filesystem::is_empty(lab.root() / "trash"));
  EXPECT_TRUE(std::filesystem::is_empty(lab.root() / "queue"));
  EXPECT_TRUE(std::filesystem::exists(lab.root() / "removed/1"));
}

}  // namespace
}  // namespace testarena
