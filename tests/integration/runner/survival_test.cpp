// SPDX-License-Identifier: Apache-2.0
// What survives kill -9, SIGTERM and a restart.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <signal.h>
#include <thread>

#include "running_runner.h"

namespace testarena::integration {
namespace {

std::string contentOf(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Survival, killedThreeTimesDuringARunItLosesNothingAndRunsNothingTwice) {
  RunningRunner runner;
  runner.script("counts", "echo run >> \"" + (runner.folder() / "count").string() +
                              "\"\nfor i in $(seq 1 300); do echo line $i; sleep 0.02; done\n");
  runner.queue("1", {"checks/counts"});
  runner.queue("2", {"checks/counts", "checks/passes"});
  runner.queue("3", {"checks/fails"});
  const auto lines = [&] {
    const auto text = runner.log("1-1");
    return std::count(text.begin(), text.end(), '\n');
  };
  for (int round = 1; round <= 3; ++round) {
    waitUntil("the log grows", [&] { return lines() > round * 30; });
    EXPECT_EQ(runner.stop(SIGKILL), -SIGKILL);
    runner.start();
  }
  runner.waitFor("1", "Finished");
  runner.waitFor("2", "Finished");
  runner.waitFor("3", "Finished");
  std::string whole;
  for (int i = 1; i <= 300; ++i) whole += "line " + std::to_string(i) + "\n";
  EXPECT_EQ(runner.log("1-1"), whole) << "byte for byte";
  EXPECT_EQ(runner.log("2-1"), whole);
  EXPECT_EQ(contentOf(runner.folder() / "count"), "run\nrun\n") << "each ran once";
  EXPECT_EQ(runner.get("/api/status/1-1").json().find("result")->text(), "PASS");
  EXPECT_EQ(runner.get("/api/status/3-1").json().find("result")->text(), "FAIL");
}

/// Whoever was told "Queue OK" has a queue, whenever the runner was killed; and whoever was told nothing may ask again.
TEST(Survival, whatWasAnsweredIsKeptWheneverTheRunnerIsKilled) {
  RunningRunner runner;
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  runner.script("counted", "echo \"$TESTARENA_JOB\" >> \"" + (runner.folder() / "ran").string() + "\"\n");
  std::vector<std::string> promised;
  int number = 0;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::string> open;
    std::thread killer([&, pause = std::uniform_int_distribution<>(30, 250)(random)] {
      std::this_thread::sleep_for(std::chrono::milliseconds(pause));
      runner.signal(SIGKILL);
    });
    const auto address = runner.address();
    for (;;) {
      const auto id = "k" + std::to_string(++number);
      try {
        const auto answer =
            HttpClient(address).send("POST", "/api/queue", RunningRunner::kJson, runner.body(id, {"checks/counted"}));
        if (answer.status != 200) break;
        promised.push_back(id);
      } catch (const std::exception&) {
        break;
      }
    }
    killer.join();
    EXPECT_EQ(runner.stop(SIGKILL), -SIGKILL);
    runner.start();
    // The one without an answer: sent again, it is taken or known, and never there twice.
    const auto lost = "k" + std::to_string(number);
    runner.queue(lost, {"checks/counted"});
    promised.push_back(lost);
  }
  for (const auto& id : promised) runner.waitFor(id, "Finished");
  const auto ran = contentOf(runner.folder() / "ran");
  for (const auto& id : promised) {
    const auto first = ("\n" + ran).find("\n" + id + "\n");
    EXPECT_NE(first, std::string::npos) << id << " was promised and did not run";
    EXPECT_EQ(("\n" + ran).find("\n" + id + "\n", first + 1), std::string::npos) << id << " ran twice";
  }
}

TEST(Survival, asksToEndAreObeyedWithinSecondsAndLeaveRunsRunning) {
  RunningRunner runner;
  runner.queue("1", {"checks/waits"});
  waitUntil("it has written what it writes", [&] { return runner.log("1-1") == "waiting\n"; });
  std::string cursor;
  waitUntil("nothing changes any more", [&] {  // the size of the log is told a moment after the log
    const auto before = cursor;
    cursor = runner.get("/api/changes?timeout_ms=0").json().find("cursor")->text();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return cursor == before;
  });
  int answered = 0;
  std::thread waiting([&, address = runner.address()] {
    answered = HttpClient(address).send("GET", "/api/changes?timeout_ms=30000&cursor=" + cursor).status;
  });
  waitUntil("somebody waits",
            [&] { return runner.get("/metrics").body.find("testarena_http_connections_open 2") != std::string::npos; });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(runner.stop(SIGTERM), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  waiting.join();
  EXPECT_EQ(answered, 200) << "who waits is told that nothing has changed";
  EXPECT_FALSE(std::filesystem::exists(runner.folder() / "data/address"));
  runner.start();
  runner.waitFor("1", "Running");
  EXPECT_EQ(runner.log("1-1"), "waiting\n");
  runner.post("/api/abort/1", "");
  runner.waitFor("1", "Aborted");
}

TEST(Survival, tombstonesAndAbortsOutliveAKill) {
  RunningRunner runner;
  runner.queue("runs", {"checks/waits"});
  runner.waitFor("runs", "Running");
  runner.queue("waits", {"checks/waits", "checks/waits"});
  runner.remove("/api/delete/never");
  runner.post("/api/abort/waits-1", "");
  runner.post("/api/abort/runs", "");
  EXPECT_EQ(runner.stop(SIGKILL), -SIGKILL);
  runner.start();
  runner.waitFor("runs", "Aborted");
  EXPECT_EQ(runner.post("/api/queue", runner.body("never", {"checks/passes"})).status, 409);
  runner.waitFor("waits-1", "Aborted");
  runner.waitFor("waits-2", "Running");
}

}  // namespace
}  // namespace testarena::integration
