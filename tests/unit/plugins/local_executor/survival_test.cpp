// SPDX-License-Identifier: Apache-2.0
// Servers and supervisors that are killed while runs are under way.
#include <csignal>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "laboratory.h"
#include "run_folder.h"

namespace testarena {
namespace {

using namespace std::chrono_literals;
using test::Laboratory;
using test::waitForFile;

/// A process that serves the laboratory's environment, to be killed.
class Server {
 public:
  /// `work` is done in it; then it only serves.
  Server(Laboratory& lab, const std::function<void()>& work) : pid_(fork()) {
    if (pid_ != 0) return;
    try {
      lab.restart();
      work();
      for (;;) pause();
    } catch (const std::exception& error) {
      std::cerr << "server: " << error.what() << "\n";
    }
    _exit(1);
  }
  ~Server() { kill(); }

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_;
};

class Survival : public testing::Test {
 protected:
  /// Commits what was written without starting threads in this process: it is going to fork.
  void commit() {
    lab.executor();
    lab.stop();
  }

  Laboratory lab;
};

TEST_F(Survival, aRunGoesOnWhileTheServerIsKilledAndItsLogIsWhole) {
  // 2,000 numbered lines, the middle of which only after somebody has allowed it.
  lab.script("long",
             "echo run >> started\n"
             "i=0\nwhile [ $i -lt 1000 ]; do i=$((i+1)); echo line $i; done\ntouch half\n"
             "while [ ! -e go ]; do sleep 0.02; done\n"
             "while [ $i -lt 2000 ]; do i=$((i+1)); echo line $i; done\nexit 5\n");
  lab.script("next", "echo run >> counted\n");
  lab.settings.slots = 1;
  commit();
  {
    Server server(lab, [&] { lab.submit("1", {"scenarios/long", "scenarios/next"}); });
    test::waitUntil([&] { return std::filesystem::exists(lab.checkout("1") / "half"); }, "the first half");
    server.kill();
  }
  test::writeFile(lab.checkout("1") / "go", "");
  lab.restart();
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.state, State::failed);
  EXPECT_EQ(job.runs[0].exit_code, 5);
  EXPECT_EQ(job.runs[1].state, State::passed);
  std::string expected;
  for (int i = 1; i <= 2000; ++i) expected += "line " + std::to_string(i) + "\n";
  EXPECT_EQ(lab.log("1", "scenarios/long"), expected);
  EXPECT_EQ(job.runs[0].log_bytes, static_cast<int64_t>(expected.size()));
  EXPECT_EQ(test::readFile(lab.checkout("1") / "started"), "run\n") << "once";
  EXPECT_EQ(test::readFile(lab.checkout("1") / "counted"), "run\n") << "once";
}

TEST_F(Survival, aRunThatEndsWhileNobodyServesIsToldAsItEnded) {
  lab.script("short", "while [ ! -e go ]; do sleep 0.02; done\nexit 77\n");
  commit();
  {
    Server server(lab, [&] {
      lab.submit("1", {"scenarios/short"});
      lab.waitFor("1", [](const JobStatus& job) { return job.runs[0].started_at.has_value(); });
      test::writeFile(lab.folder() / "started", "yes\n");
    });
    waitForFile(lab.folder() / "started");
  }
  test::writeFile(lab.checkout("1") / "go", "");
  const local_executor::RunFolder folder(lab.jobFolder("1") / "runs/0");
  test::waitUntil([&] { return folder.result().has_value(); }, "the result");
  lab.restart();
  EXPECT_EQ(lab.waitForEnd("1").runs[0].state, State::skipped);
}

TEST_F(Survival, anAbortReachesARunOfAnEarlierLife) {
  lab.script("sleeps", "sleep 600\n");
  commit();
  {
    Server server(lab, [&] {
      lab.submit("1", {"scenarios/sleeps"});
      lab.waitFor("1", [](const JobStatus& job) { return job.runs[0].started_at.has_value(); });
      test::writeFile(lab.folder() / "started", "yes\n");
    });
    waitForFile(lab.folder() / "started");
  }
  lab.restart();
  EXPECT_EQ(lab.status("1").runs[0].state, State::in_progress);
  Call call(30s);
  lab.executor().abort({"1", "1"}, call);
  EXPECT_EQ(lab.waitForEnd("1").state, State::aborted);
}

TEST_F(Survival, aKilledSupervisorIsAnErrorAndNothingOfItsRunIsLeft) {
  lab.script("victim", "(setsid sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 600' &)\nsleep 600\n");
  lab.submit("1", {"scenarios/victim"});
  const pid_t daemon = std::stoi(waitForFile(lab.checkout("1") / "daemon"));
  const local_executor::RunFolder folder(lab.jobFolder("1") / "runs/0");
  ASSERT_TRUE(folder.isSupervised());
  ::kill(folder.startMark()->supervisor, SIGKILL);
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.state, State::errored);
  EXPECT_THAT(job.runs[0].reason, testing::HasSubstr("supervisor lost"));
  EXPECT_FALSE(test::isAlive(daemon));
  lab.restart();
  EXPECT_EQ(lab.status("1"), job);
}

TEST_F(Survival, aSupervisorKilledWhileNobodyServesIsAnErrorToo) {
  lab.script("victim", "sleep 600\n");
  commit();
  {
    Server server(lab, [&] {
      lab.submit("1", {"scenarios/victim"});
      lab.waitFor("1", [](const JobStatus& job) { return job.runs[0].started_at.has_value(); });
      test::writeFile(lab.folder() / "started", "yes\n");
    });
    waitForFile(lab.folder() / "started");
  }
  const local_executor::RunFolder folder(lab.jobFolder("1") / "runs/0");
  ::kill(folder.startMark()->supervisor, SIGKILL);
  test::waitUntil([&] { return !folder.isSupervised(); }, "the end of the supervisor");
  lab.restart();
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.runs[0].state, State::errored);
  EXPECT_THAT(job.runs[0].reason, testing::HasSubstr("supervisor lost"));
}

TEST_F(Survival, aRemovalThatWasOnlyBegunIsFinished) {
  lab.script("sleeps", "echo $$ > pid.new; mv pid.new pid; sleep 600\n");
  lab.submit("1", {"scenarios/sleeps"});
  const pid_t child = std::stoi(waitForFile(lab.checkout("1") / "pid"));
  lab.stop();
  std::ofstream(lab.folder() / "data/executors/lab/removed", std::ios::app) << "1\n";  // and then it was killed
  lab.restart();
  EXPECT_EQ(lab.status("1").state, State::unknown);
  test::waitUntil([&] { return !std::filesystem::exists(lab.jobFolder("1")); }, "the end of the job's files");
  EXPECT_FALSE(test::isAlive(child));
}

TEST_F(Survival, aRemovalThatWasKilledHalfwayIsFinished) {
  lab.script("is_removed", "true\n");
  lab.submit("1", {"scenarios/is_removed"});
  lab.waitForEnd("1");
  lab.stop();
  std::ofstream(lab.folder() / "data/executors/lab/removed", std::ios::app) << "1\n";
  std::filesystem::remove(lab.jobFolder("1") / "order");  // one of its files was gone when it was killed
  lab.restart();
  EXPECT_FALSE(std::filesystem::exists(lab.jobFolder("1")));
  EXPECT_EQ(lab.status("1").state, State::unknown);
}

TEST_F(Survival, aSecondServerIsRefusedWhileTheFirstOneServes) {
  commit();
  Server server(lab, [&] { test::writeFile(lab.folder() / "serving", "yes\n"); });
  waitForFile(lab.folder() / "serving");
  EXPECT_THROW(lab.restart(), Unavailable);
  server.kill();
  EXPECT_NO_THROW(lab.restart());
}

// Whatever is killed when: what was acknowledged runs exactly once, and what runs ends.
TEST_F(Survival, jobsThatCannotBeReadForNowAreNotCalledUnknown) {
  lab.script("passes", "true\n");
  lab.submit("1", {"scenarios/passes"});
  lab.waitForEnd("1");
  lab.stop();
  const std::filesystem::path order = lab.jobFolder("1") / "order";
  std::filesystem::rename(order, lab.jobFolder("1") / "elsewhere");
  std::filesystem::create_symlink(order, order);  // it is there, and no open() of it succeeds
  EXPECT_THROW(lab.status("1"), Unavailable);
  std::filesystem::rename(lab.jobFolder("1") / "elsewhere", order);
  EXPECT_EQ(lab.status("1").state, State::passed) << "and without a new start";
}

TEST_F(Survival, serversKilledAtAnyMomentRunEachAcknowledgedJobOnce) {
  const auto seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const std::string count = (lab.folder() / "count").string();
  lab.script("counts", "echo $TESTARENA_JOB >> " + count + "\nsleep 0.05\n");
  lab.settings.slots = 3;
  commit();
  constexpr int kRounds = 25, kJobsPerRound = 4;
  const std::string acknowledged = (lab.folder() / "acknowledged").string();
  for (int round = 0; round < kRounds; ++round) {
    Server server(lab, [&] {
      for (int i = 0; i < kJobsPerRound; ++i) {
        const std::string job = std::to_string(round * kJobsPerRound + i);
        lab.submit(job, {"scenarios/counts"});
        std::ofstream(acknowledged, std::ios::app) << job << std::endl;
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 250));  // the moment is what is tried out
  }
  lab.restart();
  std::istringstream all(test::readFile(acknowledged));
  int jobs = 0;
  for (std::string job; std::getline(all, job); ++jobs) {
    const JobStatus ended = lab.waitForEnd(job);
    EXPECT_EQ(ended.state, State::passed) << job << " " << ended.runs[0].reason;
  }
  EXPECT_GT(jobs, 0);
  std::map<std::string, int> counts;
  std::istringstream counted(test::readFile(count));
  for (std::string job; std::getline(counted, job);) EXPECT_EQ(++counts[job], 1) << "job " << job << " ran twice";
  EXPECT_GE(static_cast<int>(counts.size()), jobs);
}

}  // namespace
}  // namespace testarena
