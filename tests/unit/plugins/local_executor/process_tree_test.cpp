// SPDX-License-Identifier: Apache-2.0
// What a run has started ends with it, wherever it has gone.
#include <gtest/gtest.h>

#include "laboratory.h"

namespace testarena {
namespace {

using test::isAlive;
using test::Laboratory;
using test::waitForFile;

/// A daemon as they are made: forks twice, has a session of its own, closes what it has, ignores TERM. Its id goes to
/// the file `daemon` in the work folder.
constexpr const char* kDaemon =
    "(setsid sh -c \"trap '' TERM HUP INT; (exec </dev/null >/dev/null 2>&1; "
    "sh -c 'echo \\$\\$ > daemon.new; mv daemon.new daemon; exec sleep 600') &\" &)\n";

class ProcessTree : public testing::Test {
 protected:
  /// Starts a job with this script and answers the daemon's id.
  pid_t startDaemon(const std::string& script) {
    lab.script("daemon", kDaemon + script);
    lab.submit("1", {"scenarios/daemon"});
    return std::stoi(waitForFile(lab.checkout("1") / "daemon"));
  }

  void expectDead(pid_t daemon) {
    test::waitUntil([&] { return !isAlive(daemon); }, "the end of process " + std::to_string(daemon));
  }

  Laboratory lab;
};

TEST_F(ProcessTree, aDaemonIsDeadAfterAnAbort) {
  const pid_t daemon = startDaemon("sleep 600\n");
  EXPECT_TRUE(isAlive(daemon));
  Call call(std::chrono::seconds(30));
  lab.executor().abort({"1", "1"}, call);
  EXPECT_EQ(lab.waitForEnd("1").state, State::aborted);
  EXPECT_FALSE(isAlive(daemon)) << "the end is told when all is gone, not before";
}

TEST_F(ProcessTree, aDaemonDoesNotOutliveItsRun) {
  const pid_t daemon = startDaemon("while [ ! -e daemon ]; do sleep 0.02; done\n");
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
  EXPECT_FALSE(isAlive(daemon));
}

TEST_F(ProcessTree, aDaemonIsDeadAfterARemovalAndSoAreTheFiles) {
  const pid_t daemon = startDaemon("sleep 600\n");
  Call call(std::chrono::seconds(60));
  lab.executor().remove({"1", "1"}, call);
  EXPECT_FALSE(isAlive(daemon));
  EXPECT_FALSE(std::filesystem::exists(lab.jobFolder("1")));
}

TEST_F(ProcessTree, aDaemonDoesNotHoldTheLogOpen) {
  lab.script("holder", "(setsid sleep 600 &)\necho done\n");
  lab.submit("1", {"scenarios/holder"});
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
  EXPECT_EQ(lab.log("1", "scenarios/holder"), "done\n");
}

TEST_F(ProcessTree, whatForksAllTheTimeIsEndedByTheProcessLimit) {
  lab.settings.process_limit = 50;
  lab.script("bomb", "bomb() { bomb & bomb & wait; }\nbomb\n");
  lab.submit("1", {"scenarios/bomb"});
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.runs[0].state, State::failed);
  EXPECT_EQ(job.runs[0].reason, "had more than 50 processes at once");
}

TEST_F(ProcessTree, whatForksOnlyToStayAliveIsEndedByAnAbort) {
  // Each generation lives a moment and leaves a next one behind: at no time is there one to wait for.
  lab.script("runner", "hop() { (sleep 0.01; hop) & }\nhop\ntouch hopping\nsleep 600\n");
  lab.submit("1", {"scenarios/runner"});
  test::waitUntil([&] { return std::filesystem::exists(lab.checkout("1") / "hopping"); }, "the first generation");
  Call call(std::chrono::seconds(30));
  lab.executor().abort({"1", "1"}, call);
  EXPECT_EQ(lab.waitForEnd("1").state, State::aborted);
  EXPECT_EQ(lab.status("1").runs[0].reason, "") << "nothing was left";
}

}  // namespace
}  // namespace testarena
