// SPDX-License-Identifier: Apache-2.0
// The real server over a real sshd: branches, scenarios, runs, logs, aborts and deletions by ssh_discoverer and
// ssh_executor.
#include <filesystem>
#include <signal.h>

#include "running_server.h"
#include "ssh_server.h"

namespace testarena::integration {
namespace {

class SshJob : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ssh_ = new test::SshServer();
    std::string keys = ssh_->toml();
    for (std::size_t at = 0; (at = keys.find('\n', at)) != std::string::npos;) keys.replace(at, 1, ", ");
    RunningServer::Options options;
    // What leads to the machine is said once: the executor takes it over.
    options.executor = "{ plugin = \"ssh_executor\", slots = 2, abort_grace = \"200ms\", folder = \"" +
                       (ssh_->home() / "testarena").string() + "\" }";
    options.discoverer = "{ plugin = \"ssh_discoverer\", " + keys + "repository = \"{repository}\" }";
    server_ = new RunningServer(options);
  }
  static void TearDownTestSuite() {
    delete server_;
    delete ssh_;
  }
  static RunningServer& server() { return *server_; }
  static test::SshServer& ssh() { return *ssh_; }

  static std::string stateOf(const Value& job) { return job.find("state")->text(); }
  static Answer log(int64_t id, const std::string& scenario) {
    return server().http().send("GET", "/api/v1/jobs/" + std::to_string(id) + "/runs/" + scenario + "/1/log",
                                server().asAdmin());
  }
  static std::filesystem::path jobFolder(int64_t id) {
    return ssh_->home() / "testarena/lab/jobs" / std::to_string(id);
  }

 private:
  static inline test::SshServer* ssh_ = nullptr;
  static inline RunningServer* server_ = nullptr;
};

TEST_F(SshJob, runsScenariosAndKeepsVerdictsAndLogs) {
  const auto id = server().submit({"checks/passes", "checks/fails"});
  const auto job = server().ended(id);
  EXPECT_EQ(stateOf(job), "failed");
  const auto& runs = job.find("runs")->list();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].find("state")->text(), "passed");
  EXPECT_EQ(runs[1].find("state")->text(), "failed");
  EXPECT_EQ(runs[1].find("exit_code")->integer(), 3);
  EXPECT_EQ(log(id, "checks%2Fpasses").body, "it works\n");
  EXPECT_EQ(log(id, "checks%2Fpasses").header("x-log-complete"), "true");
  EXPECT_EQ(log(id, "checks%2Ffails").body, "it does not\n");
  waitUntil("the machine is tidied", [&] { return !std::filesystem::exists(jobFolder(id)); });
}

TEST_F(SshJob, anAbortedJobKeepsItsLog) {
  const auto id = server().submit({"checks/waits"});
  waitUntil("the log has its line", [&] { return log(id, "checks%2Fwaits").body == "waiting\n"; });
  EXPECT_EQ(server().http().send("POST", "/api/v1/jobs/" + std::to_string(id) + "/abort", server().asAdmin()).status,
            202);
  const auto job = server().ended(id);
  EXPECT_EQ(stateOf(job), "aborted");
  EXPECT_EQ(job.find("reason")->text(), "aborted by admin");
  EXPECT_EQ(log(id, "checks%2Fwaits").body, "waiting\n");
}

TEST_F(SshJob, aDeletedJobIsGoneFromTheMachineToo) {
  const auto id = server().submit({"checks/waits"});
  waitUntil("it runs over there", [&] { return std::filesystem::exists(jobFolder(id) / "runs/0/main"); });
  const auto path = "/api/v1/jobs/" + std::to_string(id);
  EXPECT_EQ(server().http().send("DELETE", path, server().asAdmin()).status, 204);
  EXPECT_EQ(server().http().send("GET", path, server().asAdmin()).status, 404);
  waitUntil("its files are gone", [&] { return !std::filesystem::exists(jobFolder(id)); });
  EXPECT_TRUE(std::filesystem::exists(ssh().home() / "testarena/lab/removed" / std::to_string(id)));
}

TEST_F(SshJob, aKilledServerAndAKilledSshdLoseNothingAndRunNothingTwice) {
  server().commit("main", "checks/counts.sh",
                  "echo run >> \"" + (ssh().home() / "count").string() +
                      "\"\nfor i in $(seq 1 150); do echo line $i; sleep 0.02; done\n");
  const auto id = server().submit({"checks/counts"});
  waitUntil("the log grows", [&] { return log(id, "checks%2Fcounts").body.size() > 100; });
  EXPECT_EQ(server().stop(SIGKILL), -SIGKILL);
  ssh().stop();
  server().start();
  ssh().start();
  EXPECT_EQ(stateOf(server().ended(id)), "passed");
  std::string whole;
  for (int i = 1; i <= 150; ++i) whole += "line " + std::to_string(i) + "\n";
  EXPECT_EQ(log(id, "checks%2Fcounts").body, whole);
  EXPECT_EQ(test::readFile(ssh().home() / "count"), "run\n") << "it ran once";
}

TEST_F(SshJob, aBranchThatIsNotThereIsRefused) {
  const auto answer =
      server().http().send("POST", "/api/v1/jobs", server().asAdmin() + kJson,
                           R"({"environment":"lab","branch":"no-such-branch","scenarios":["checks/passes"]})");
  EXPECT_GE(answer.status, 400);
  EXPECT_LT(answer.status, 500);
}

}  // namespace
}  // namespace testarena::integration
