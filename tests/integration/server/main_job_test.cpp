// SPDX-License-Identifier: Apache-2.0
// The main job on the real server: submit, follow, read, abort, delete, and what survives kill -9.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <signal.h>

#include "json_reader.h"
#include "running_server.h"

namespace testarena::integration {
namespace {

class MainJob : public ServerTest {
 protected:
  static std::string stateOf(const Value& job) { return job.find("state")->text(); }
  static std::string parseState(const std::string& json) { return stateOf(parseJson(json, {64 << 20, 64})); }
  static Answer log(int64_t id, const std::string& scenario, const std::string& query = "") {
    return server().http().send("GET", "/api/v1/jobs/" + std::to_string(id) + "/runs/" + scenario + "/1/log" + query,
                                server().asAdmin());
  }
};

TEST_F(MainJob, runsScenariosAndKeepsVerdictsAndLogs) {
  const auto id = server().submit({"checks/passes", "checks/fails"});
  const auto job = server().ended(id);
  EXPECT_EQ(stateOf(job), "failed");
  const auto& runs = job.find("runs")->list();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].find("state")->text(), "passed");
  EXPECT_EQ(runs[1].find("state")->text(), "failed");
  EXPECT_EQ(runs[1].find("exit_code")->integer(), 3);
  const auto passed = log(id, "checks%2Fpasses");
  EXPECT_EQ(passed.body, "it works\n");
  EXPECT_EQ(passed.header("x-log-size"), "9");
  EXPECT_EQ(passed.header("x-log-complete"), "true");
  EXPECT_EQ(log(id, "checks%2Ffails").body, "it does not\n");
  EXPECT_EQ(log(id, "checks%2Fpasses", "?offset=-6&limit=5").body, "works");
  EXPECT_EQ(log(id, "checks%2Fpasses", "?offset=100").body, "");
}

TEST_F(MainJob, anAbortedJobKeepsItsLogAndSaysByWhom) {
  const auto id = server().submit({"checks/waits"});
  waitUntil("the log has its line", [&] { return log(id, "checks%2Fwaits").body == "waiting\n"; });
  const auto path = "/api/v1/jobs/" + std::to_string(id) + "/abort";
  EXPECT_EQ(server().http().send("POST", path, server().asAdmin()).status, 202);
  const auto job = server().ended(id);
  EXPECT_EQ(stateOf(job), "aborted");
  EXPECT_EQ(job.find("reason")->text(), "aborted by admin");
  EXPECT_EQ(log(id, "checks%2Fwaits").body, "waiting\n");
  EXPECT_EQ(server().http().send("POST", path, server().asAdmin()).status, 200) << "an ended job stays as it is";
}

TEST_F(MainJob, aDeletedJobIsGoneAtOnceEvenWhileItRuns) {
  const auto id = server().submit({"checks/waits"});
  const auto path = "/api/v1/jobs/" + std::to_string(id);
  EXPECT_EQ(server().http().send("DELETE", path, server().asAdmin()).status, 204);
  EXPECT_EQ(server().http().send("GET", path, server().asAdmin()).status, 404);
  EXPECT_EQ(server().http().send("GET", path + "/log", server().asAdmin()).status, 404);
  EXPECT_EQ(server().http().send("DELETE", path, server().asAdmin()).status, 404);
  waitUntil("its files are gone",
            [&] { return !std::filesystem::exists(server().folder() / "data/jobs/0" / std::to_string(id)); });
}

TEST_F(MainJob, theSameIdempotencyKeyMakesOneJob) {
  const std::string body = R"({"environment":"lab","branch":"main","scenarios":["checks/passes"]})";
  const auto headers = server().asAdmin() + kJson + Headers{{"Idempotency-Key", "one"}};
  const auto first = server().http().send("POST", "/api/v1/jobs", headers, body);
  EXPECT_EQ(first.status, 201);
  const auto id = first.json().find("id")->integer();
  EXPECT_EQ(first.header("location"), "/api/v1/jobs/" + std::to_string(id));
  const auto second = server().http().send("POST", "/api/v1/jobs", headers, body);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.json().find("id")->integer(), id);
  const std::string other = R"({"environment":"lab","branch":"main","scenarios":["checks/fails"]})";
  EXPECT_EQ(server().http().send("POST", "/api/v1/jobs", headers, other).status, 422);
}

TEST_F(MainJob, aCommitThatIsNotOnTheBranchIsAConflict) {
  const std::string body =
      R"({"environment":"lab","branch":"main","scenarios":["checks/passes"],"commit":"0123456789012345678901234567890123456789"})";
  EXPECT_EQ(server().http().send("POST", "/api/v1/jobs", server().asAdmin() + kJson, body).status, 409);
}

TEST_F(MainJob, aStreamShowsTheWholeJobAndThenEachChangeToItsEnd) {
  const auto id = server().submit({"checks/passes"});
  EventStream stream(server().address(), "/api/v1/events?job=" + std::to_string(id), server().asAdmin());
  auto event = stream.next();
  EXPECT_EQ(event.name, "snapshot");
  std::string state = parseState(event.data);
  for (int i = 0; i < 50 && state != "passed"; ++i) {
    event = stream.next();
    ASSERT_FALSE(event.name.empty()) << "the stream ended early";
    if (event.name == "job") state = parseState(event.data);
  }
  EXPECT_EQ(state, "passed");
  EXPECT_FALSE(event.id.empty());
}

TEST_F(MainJob, killedDuringARunItLosesNothingAndRunsNothingTwice) {
  RunningServer own;
  own.commit("main", "checks/counts.sh",
             "echo run >> \"" + (own.folder() / "count").string() +
                 "\"\nfor i in $(seq 1 300); do echo line $i; sleep 0.02; done\n");
  const auto id = own.submit({"checks/counts"});
  const auto path = "/api/v1/jobs/" + std::to_string(id) + "/runs/checks%2Fcounts/1/log";
  auto lines = [&] {
    const auto text = own.http().send("GET", path, own.asAdmin()).body;
    return std::count(text.begin(), text.end(), '\n');
  };
  for (int round = 1; round <= 3; ++round) {
    waitUntil("the log grows", [&] { return lines() > round * 30; });
    EXPECT_EQ(own.stop(SIGKILL), -SIGKILL);
    own.start();
  }
  EXPECT_EQ(own.ended(id).find("state")->text(), "passed");
  std::string whole;
  for (int i = 1; i <= 300; ++i) whole += "line " + std::to_string(i) + "\n";
  EXPECT_EQ(own.http().send("GET", path, own.asAdmin()).body, whole);
  std::ifstream count(own.folder() / "count");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(count), {}), "run\n") << "it ran once";
}

TEST_F(MainJob, asksToEndAreObeyedWithinSecondsAndLeaveRunsRunning) {
  RunningServer own;
  const auto id = own.submit({"checks/waits"});
  waitUntil("it runs", [&] { return own.job(id).find("state")->text() == "in_progress"; });
  EXPECT_EQ(own.stop(SIGTERM), 0);
  own.start();
  EXPECT_EQ(own.job(id).find("state")->text(), "in_progress");
  own.http().send("POST", "/api/v1/jobs/" + std::to_string(id) + "/abort", own.asAdmin());
  EXPECT_EQ(own.ended(id).find("state")->text(), "aborted");
}

TEST_F(MainJob, scriptsOfEarlierInstallationsGoOnWorking) {
  const auto password = server().adminPassword();
  const auto body = R"({"username":"admin","password":")" + password +
                    R"(","branch_name":"main","scenarios":["checks/passes","checks/fails"]})";
  const auto answer = server().http().send("POST", "/api/submit_job", kJson, body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto submitted = answer.json();
  EXPECT_TRUE(submitted.find("success")->boolean());
  EXPECT_TRUE(submitted.find("remote_triggered")->boolean());
  EXPECT_EQ(submitted.find("status")->text(), "waiting");
  EXPECT_EQ(submitted.find("message")->text(), "Job submitted successfully");
  const auto id = submitted.find("job_id")->integer();
  server().ended(id);
  const auto path = "/api/job/" + std::to_string(id);
  EXPECT_EQ(server().http().send("GET", path).status, 401);
  const auto job = server().http().send("GET", path, server().asAdmin()).json();
  EXPECT_EQ(job.find("status")->text(), "failed");
  EXPECT_EQ(job.find("remote_results")->find("checks/passes")->list()[0].text(), "PASS");
  EXPECT_EQ(job.find("remote_results")->find("checks/fails")->list()[0].text(), "FAIL");
  EXPECT_FALSE(job.find("completed_at")->isNull());

  const auto missing = server().http().send("POST", "/api/submit_job", kJson, R"({"username":"admin"})");
  EXPECT_EQ(missing.status, 400);
  EXPECT_EQ(missing.body, R"({"error":"Missing required fields: username, password, branch_name, scenarios"})");
  const auto wrong = server().http().send(
      "POST", "/api/submit_job", kJson,
      R"({"username":"admin","password":"wrong","branch_name":"main","scenarios":["checks/passes"]})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, R"({"error":"Invalid credentials"})");
}

}  // namespace
}  // namespace testarena::integration
