// SPDX-License-Identifier: Apache-2.0
// The real server with http_executor in front of an existing execution server.
#include <fstream>
#include <signal.h>
#include <sstream>

#include "existing_server_double.h"
#include "running_server.h"

namespace testarena::integration {
namespace {

namespace fs = std::filesystem;

class ExistingServerJob : public ::testing::Test {
 protected:
  ExistingServerJob() {
    std::string pattern = (fs::temp_directory_path() / "testarena_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    // The repository comes into being with the server, which wants to know where the remote is.
    remote_ = std::make_unique<test::ExistingServer>(
        folder_ / "remote", std::vector<std::string>{"--repository", (folder_ / "repository/.git").string(),
                                                     "--strict-environment", "rig 7"});
  }
  ~ExistingServerJob() override {
    EXPECT_EQ(remote_->refused(), std::vector<std::string>()) << "only documented requests are sent";
    server_.reset();
    remote_.reset();
    fs::remove_all(folder_);
  }

  std::string executor(const std::string& more) const {
    return "{ plugin = \"http_executor\", url = \"" + remote_->url() +
           "\", remote_environment = \"rig 7\", log_url = \"" + remote_->filesUrl() +
           "{task}.log\", poll_interval = \"100ms\", log_refresh = \"200ms\"" + more + " }";
  }
  RunningServer& startWith(const std::string& executor) {
    RunningServer::Options options;
    options.executor = executor;
    server_ = std::make_unique<RunningServer>(options);
    fs::create_directory_symlink(server_->repository(), folder_ / "repository");
    return *server_;
  }
  RunningServer& start(const std::string& more = "") { return startWith(executor(more)); }

  Answer log(int64_t id, const std::string& scenario) const {
    return server_->http().send("GET", "/api/v1/jobs/" + std::to_string(id) + "/runs/" + scenario + "/1/log",
                                server_->asAdmin());
  }
  std::string state(int64_t id) const { return server_->job(id).find("state")->text(); }

  fs::path folder_;
  std::unique_ptr<test::ExistingServer> remote_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(ExistingServerJob, isSubmittedFollowedKeptAndCleanedUp) {
  auto& server = start(", report_url = \"http://reports.example/{job}/{path}\"");
  const auto id = server.submit({"checks/passes", "checks/fails"});
  const auto job = server.ended(id);
  EXPECT_EQ(job.find("state")->text(), "failed");
  const auto& runs = job.find("runs")->list();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].find("state")->text(), "passed");
  EXPECT_EQ(runs[1].find("state")->text(), "failed");
  const auto queue = std::to_string(id);
  EXPECT_EQ(runs[0].find("report_url")->text(), "http://reports.example/" + queue + "/checks/passes.sh");

  waitUntil("the server has been cleaned up", [&] { return remote_->count("DELETE /api/delete/" + queue) == 1; });
  EXPECT_EQ(log(id, "checks%2Fpasses").body, "it works\n") << "evidence first";
  EXPECT_EQ(log(id, "checks%2Ffails").body, "it does not\n");
  EXPECT_EQ(log(id, "checks%2Fpasses").header("x-log-complete"), "true");
  const auto own = server.http().send("GET", "/api/v1/jobs/" + queue + "/log", server.asAdmin());
  EXPECT_NE(own.body.find("runs what main is when a run begins"), std::string::npos) << own.body;
  EXPECT_EQ(remote_->count("POST /api/queue"), 1);
  EXPECT_EQ(remote_->count("GET /api/capabilities"), 1) << "the one question that is not documented";
  for (const auto& request : remote_->requests()) {
    if (request.word("target") != "/api/queue") continue;
    EXPECT_EQ(request.word("body"), R"({"source":"main",")" + queue + R"(":["rig 7",{")" + queue +
                                        R"(-1":"checks/passes.sh",")" + queue + R"(-2":"checks/fails.sh"}]})");
  }
}

TEST_F(ExistingServerJob, isAbortedAndKeepsItsLog) {
  auto& server = start();
  const auto id = server.submit({"checks/waits", "checks/passes"});
  waitUntil("the log has its line", [&] { return log(id, "checks%2Fwaits").body == "waiting\n"; });
  server.http().send("POST", "/api/v1/jobs/" + std::to_string(id) + "/abort", server.asAdmin());
  const auto job = server.ended(id);
  EXPECT_EQ(job.find("state")->text(), "aborted");
  EXPECT_EQ(job.find("reason")->text(), "aborted by admin");
  EXPECT_EQ(log(id, "checks%2Fwaits").body, "waiting\n");
  EXPECT_EQ(remote_->count("POST /api/abort/" + std::to_string(id)), 1);
}

TEST_F(ExistingServerJob, isDeletedWhileItRunsAndLeavesNothingThere) {
  auto& server = start();
  const auto id = server.submit({"checks/waits"});
  waitUntil("it runs", [&] { return state(id) == "in_progress"; });
  const auto path = "/api/v1/jobs/" + std::to_string(id);
  EXPECT_EQ(server.http().send("DELETE", path, server.asAdmin()).status, 204);
  EXPECT_EQ(server.http().send("GET", path, server.asAdmin()).status, 404);
  waitUntil("it is gone there too", [&] { return remote_->count("DELETE /api/delete/" + std::to_string(id)) == 1; });
  EXPECT_FALSE(fs::exists(server.folder() / "data/executors/lab/jobs" / std::to_string(id)));
}

TEST_F(ExistingServerJob, ofWhichTheAnswerWasLostIsFoundAndNotSentAgain) {
  auto& server = start(", timeout = \"1s\", in_flight = \"1h\"");
  remote_->order("lose 1");
  const auto id = server.submit({"checks/passes"});
  ASSERT_EQ(id, 1);
  EXPECT_EQ(server.ended(id).find("state")->text(), "passed") << "long before in_flight has passed";
  EXPECT_EQ(remote_->posts("1"), 1);
}

TEST_F(ExistingServerJob, ofWhichTheRequestWasLostIsSentAgainAfterItsFlight) {
  auto& server = start(", timeout = \"1s\", in_flight = \"3s\"");
  remote_->order("drop 1");
  const auto begin = std::chrono::steady_clock::now();
  const auto id = server.submit({"checks/passes"});
  EXPECT_EQ(server.ended(id).find("state")->text(), "passed");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  EXPECT_EQ(remote_->count("POST /api/queue"), 2);
  EXPECT_EQ(remote_->posts("1"), 1);
}

TEST_F(ExistingServerJob, thatArrivesLateRunsOnce) {
  auto& server = start(", timeout = \"1s\", in_flight = \"6s\"");
  remote_->order("late 1 2");
  const auto id = server.submit({"checks/passes"});
  EXPECT_EQ(server.ended(id).find("state")->text(), "passed");
  EXPECT_EQ(remote_->count("POST /api/queue"), 1);
  EXPECT_EQ(remote_->posts("1"), 1);
}

TEST_F(ExistingServerJob, thatWasAnsweredBy500IsSentAgainAtOnce) {
  auto& server = start(", timeout = \"1s\", in_flight = \"1h\"");
  remote_->order("break 500 {\"detail\": \"database is locked\"}");
  const auto id = server.submit({"checks/passes"});
  EXPECT_EQ(server.ended(id).find("state")->text(), "passed") << "a whole answer ends the flight";
  EXPECT_EQ(remote_->count("POST /api/queue"), 2);
  EXPECT_EQ(remote_->posts("1"), 1);
}

TEST_F(ExistingServerJob, thatIsRefusedSaysWhy) {
  auto& server = startWith("{ plugin = \"http_executor\", url = \"" + remote_->url() + "\" }");
  const auto job = server.ended(server.submit({"checks/passes"}));
  EXPECT_EQ(job.find("state")->text(), "errored");
  EXPECT_NE(job.find("reason")->text().find("there is no environment lab"), std::string::npos)
      << job.find("reason")->text();
}

TEST_F(ExistingServerJob, outlivesKillsOfTheServerAndRunsOnce) {
  auto& server = start();
  server.commit("main", "checks/counts.sh",
                "echo run >> \"" + (folder_ / "count").string() +
                    "\"\nfor i in $(seq 1 150); do echo line $i; sleep 0.02; done\n");
  const auto id = server.submit({"checks/counts"});
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(server.stop(SIGKILL), -SIGKILL);
    server.start();
    waitUntil("it goes on", [&] { return state(id) != "waiting"; });
  }
  EXPECT_EQ(server.ended(id).find("state")->text(), "passed");
  std::string whole;
  for (int i = 1; i <= 150; ++i) whole += "line " + std::to_string(i) + "\n";
  waitUntil("the log is whole", [&] { return log(id, "checks%2Fcounts").header("x-log-complete") == "true"; });
  EXPECT_EQ(log(id, "checks%2Fcounts").body, whole);
  EXPECT_EQ(remote_->posts(std::to_string(id)), 1);
  std::ifstream count(folder_ / "count");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(count), {}), "run\n");
}

TEST_F(ExistingServerJob, runsElsewhereWhenOnlyTheConfigurationFileIsChanged) {
  const std::string local = R"({ plugin = "local_executor" })";
  auto& server = startWith(local);
  EXPECT_EQ(server.ended(server.submit({"checks/passes"})).find("state")->text(), "passed");
  EXPECT_EQ(remote_->count("POST /api/queue"), 0);

  const auto file = server.folder() / "testarena.toml";
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  std::string changed = text.str();
  changed.replace(changed.find(local), local.size(), executor(""));
  std::ofstream(file, std::ios::trunc) << changed;
  EXPECT_EQ(server.stop(SIGTERM), 0);
  server.start();
  const auto id = server.submit({"checks/passes", "checks/fails"});
  EXPECT_EQ(server.ended(id).find("state")->text(), "failed");
  EXPECT_EQ(remote_->posts(std::to_string(id)), 1);
  EXPECT_EQ(log(id, "checks%2Fpasses").body, "it works\n");
}

}  // namespace
}  // namespace testarena::integration
