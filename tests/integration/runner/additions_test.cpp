// SPDX-License-Identifier: Apache-2.0
// What testarena-runner adds to the protocol.
#include <signal.h>
#include <thread>

#include <gmock/gmock.h>

#include "running_runner.h"

namespace testarena::integration {
namespace {

using testing::HasSubstr;

class Additions : public RunnerTest {
 protected:
  static Value jobStatus(const std::string& id) {
    const auto answer = runner().post("/api/statuses", R"({"jobs":[{"job":")" + id + R"(","handle":""}]})");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json().find("jobs")->list().at(0);
  }
  static std::string cursorNow() { return runner().get("/api/changes?timeout_ms=0").json().find("cursor")->text(); }
};

TEST_F(Additions, capabilitiesSayWhatItIs) {
  const auto can = runner().get("/api/capabilities").json();
  EXPECT_EQ(can.find("server")->text(), "testarena-runner");
  EXPECT_EQ(can.find("protocol")->integer(), 1);
  EXPECT_EQ(can.find("idempotency")->text(), "c3");
  EXPECT_EQ(can.find("in_flight")->integer(), 0);
  for (const char* ability : {"wait_changes", "list", "artifacts", "pins_commit", "abort_run"}) {
    EXPECT_TRUE(can.find(ability)->boolean()) << ability;
  }
  EXPECT_GE(can.find("max_batch")->integer(), 100);
}

TEST_F(Additions, statusesAnswerForManyInTheOrderAsked) {
  const auto one = newId();
  const auto two = newId();
  runner().queue(one, {"checks/passes", "checks/fails"});
  runner().queue(two, {"checks/passes"});
  runner().waitFor(one, "Finished");
  runner().waitFor(two, "Finished");
  const auto answer = runner().post("/api/statuses", R"({"jobs":[{"job":"nobody"},{"job":")" + two +
                                                         R"(","handle":"h","new":1},{"job":")" + one + R"("}],"x":1})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto body = answer.json();
  const auto& jobs = body.find("jobs")->list();
  ASSERT_EQ(jobs.size(), 3U);
  EXPECT_EQ(jobs[0].find("job")->text(), "nobody");
  EXPECT_EQ(jobs[0].find("state")->text(), "unknown");
  EXPECT_EQ(jobs[1].find("state")->text(), "passed");
  EXPECT_EQ(jobs[2].find("state")->text(), "failed");
  const auto& run = jobs[2].find("runs")->list().at(1);
  EXPECT_EQ(run.find("scenario")->text(), "checks/fails");
  EXPECT_EQ(run.find("path")->text(), "checks/fails.sh");
  EXPECT_EQ(run.find("exit_code")->integer(), 3);
  EXPECT_EQ(run.find("log_bytes")->integer(), 12);
  EXPECT_FALSE(run.find("finished_at")->isNull());
}

TEST_F(Additions, aQueueThatWaitsSaysAtWhichPosition) {
  const auto running = newId();
  runner().queue(running, {"checks/waits", "checks/waits", "checks/waits"});  // more than there are slots
  runner().waitFor(running, "Running");
  std::vector<std::string> waiting;
  for (int i = 0; i < 12; ++i) {
    waiting.push_back(newId());
    runner().queue(waiting.back(), {"checks/passes"});
  }
  const auto reason = [](const std::string& id) { return jobStatus(id).find("reason")->text(); };
  EXPECT_EQ(reason(waiting[0]), "waits for a slot of the runner, at position 1");
  EXPECT_EQ(reason(waiting[9]), "waits for a slot of the runner, at position 10");
  EXPECT_EQ(reason(waiting[11]), "waits for a slot of the runner, behind 10 others or more");
  runner().remove("/api/delete/" + waiting[0]);
  EXPECT_EQ(reason(waiting[1]), "waits for a slot of the runner, at position 1");
  EXPECT_EQ(reason(waiting[10]), "waits for a slot of the runner, at position 10");
  for (std::size_t i = 1; i < waiting.size(); ++i) runner().remove("/api/delete/" + waiting[i]);
  runner().remove("/api/delete/" + running);
}

TEST_F(Additions, statusesRefuseWhatIsNotOnTheForm) {
  for (const char* body : {"", "[]", R"({"jobs":7})", R"({"jobs":[7]})", R"({"jobs":[{"job":7}]})"}) {
    EXPECT_EQ(runner().post("/api/statuses", body).status, 422) << body;
  }
  std::string many = R"({"jobs":[)";
  for (int i = 0; i < 1001; ++i) many += (i > 0 ? "," : "") + std::string(R"({"job":"x"})");
  EXPECT_EQ(runner().post("/api/statuses", many + "]}").status, 422);
}

TEST_F(Additions, logsAreReadInRangesWhileTheyGrow) {
  const auto id = newId();
  const auto gate = runner().folder() / "gate";
  runner().script("grows",
                  "printf 0123456789\nwhile [ ! -e '" + gate.string() + "' ]; do sleep 0.05; done\nprintf abc\n");
  runner().queue(id, {"checks/grows"});
  const auto log = [&](const std::string& query) {
    return runner().get("/api/log/" + id + "?scenario=checks/grows" + query);
  };
  waitUntil("it writes", [&] { return log("").body == "0123456789"; });
  EXPECT_EQ(log("").header("x-log-complete"), "false");
  EXPECT_EQ(log("").header("content-type"), "application/octet-stream");
  EXPECT_EQ(log("&offset=3&limit=4").body, "3456");
  EXPECT_EQ(log("&offset=10").body, "");
  EXPECT_EQ(log("&offset=10").header("x-log-complete"), "false");
  EXPECT_EQ(log("&offset=1000000").body, "");
  std::ofstream(gate) << "open";
  runner().waitFor(id, "Finished");
  EXPECT_EQ(log("&offset=8").body, "89abc");
  EXPECT_EQ(log("&offset=8").header("x-log-complete"), "true");
  EXPECT_EQ(log("&offset=8&limit=2").header("x-log-complete"), "false");
  EXPECT_EQ(log("&offset=13").header("x-log-complete"), "true");
  EXPECT_EQ(runner().get("/api/log/" + id + "-1").body, "0123456789abc") << "a task's id names its log as well";
  EXPECT_EQ(log("&attempt=2").status, 404);
  EXPECT_EQ(runner().get("/api/log/" + id + "?scenario=nothing").status, 404);
  EXPECT_EQ(log("&offset=-1").status, 422);
  EXPECT_EQ(log("&limit=0").status, 422);
  EXPECT_EQ(log("&offset=x").status, 422);
  const auto own = runner().get("/api/log/" + id);
  EXPECT_EQ(own.status, 200);
  EXPECT_EQ(own.header("x-log-complete"), "true");
}

TEST_F(Additions, aLargeLogComesWholeInOneAnswer) {
  const auto id = newId();
  runner().script("large", "seq -f '%015.0f' 1 8000000\n");  // 128 MB
  runner().queue(id, {"checks/large"});
  runner().waitFor(id, "Finished");
  const auto answer = runner().get("/api/log/" + id + "?scenario=checks/large");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("x-log-complete"), "true");
  ASSERT_EQ(answer.body.size(), 128'000'000U);
  for (const std::size_t line : {1U, 65'536U, 65'537U, 1'234'567U, 8'000'000U}) {
    char wanted[17];
    std::snprintf(wanted, sizeof wanted, "%015zu", line);
    EXPECT_EQ(answer.body.substr((line - 1) * 16, 15), wanted);
  }
  const auto part = runner().get("/api/log/" + id + "?scenario=checks/large&offset=16000000&limit=3000000");
  EXPECT_TRUE(part.body == answer.body.substr(16'000'000, 3'000'000));
  EXPECT_EQ(part.header("x-log-complete"), "false");
}

TEST_F(Additions, artifactsAreListedAndRead) {
  const auto id = newId();
  runner().script("keeps",
                  "mkdir -p kept; printf evidence > kept/a.bin; printf more > \"$TESTARENA_OUTPUT/report.txt\"\n");
  runner().queue(id, {"checks/keeps"});
  runner().waitFor(id, "Finished");
  const auto listed = runner().get("/api/artifacts/" + id + "?scenario=checks/keeps").json();
  std::string names;
  for (const auto& artifact : listed.find("artifacts")->list()) {
    const auto& name = artifact.find("name")->text();
    names += name + " ";
    const auto read = runner().get("/api/artifact/" + id + "?scenario=checks/keeps&name=" + name);
    EXPECT_EQ(read.status, 200) << name;
    EXPECT_EQ(static_cast<int64_t>(read.body.size()), artifact.find("size")->integer()) << name;
  }
  EXPECT_THAT(names, HasSubstr("a.bin"));
  EXPECT_THAT(names, HasSubstr("report.txt"));
  const auto refused = runner().get("/api/artifact/" + id + "?scenario=checks/keeps&name=../../order");
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(runner().get("/api/artifact/" + id + "?scenario=checks/keeps").status, 404);
}

TEST_F(Additions, changesAreToldAtOnce) {
  const auto id = newId();
  const auto cursor = cursorNow();
  std::string body;
  std::thread waiting([&] { body = runner().get("/api/changes?timeout_ms=30000&cursor=" + cursor).body; });
  runner().queue(id, {"checks/passes"});
  const auto begin = std::chrono::steady_clock::now();
  waiting.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << "not only at the timeout";
  EXPECT_THAT(body, HasSubstr("\"" + id + "\""));
  runner().waitFor(id, "Finished");
}

TEST_F(Additions, aWaitWithoutAChangeEndsWithItsTime) {
  const auto cursor = cursorNow();
  const auto answer = runner().get("/api/changes?timeout_ms=200&cursor=" + cursor).json();
  EXPECT_EQ(answer.find("cursor")->text(), cursor);
  EXPECT_TRUE(answer.find("jobs")->list().empty());
}

TEST_F(Additions, twoHundredWaitWhileOthersAreServed) {
  const auto cursor = cursorNow();
  std::atomic<int> answered{0};
  std::vector<std::thread> waiting;
  for (int i = 0; i < 200; ++i) {
    waiting.emplace_back(
        [&] { answered += runner().get("/api/changes?timeout_ms=30000&cursor=" + cursor).status == 200 ? 1 : 0; });
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(runner().get("/api/queues").status, 200);
  runner().queue(newId(), {"checks/passes"});
  for (auto& thread : waiting) thread.join();
  EXPECT_EQ(answered, 200);
}

TEST_F(Additions, jobsArePagedById) {
  for (int i = 0; i < 3; ++i) runner().queue(newId(), {"checks/passes"});
  std::vector<std::string> seen;
  std::string after;
  do {
    const auto page = runner().get("/api/jobs?limit=2&after=" + after).json();
    EXPECT_LE(page.find("jobs")->list().size(), 2U);
    for (const auto& job : page.find("jobs")->list()) seen.push_back(job.find("job")->text());
    after = page.find("next")->text();
  } while (!after.empty());
  EXPECT_EQ(seen.size(), runner().get("/api/queues").json().list().size());
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_F(Additions, healthCountsSlots) {
  const auto id = newId();
  const auto busy = [] {
    const auto health = runner().get("/api/health").json();
    return health.find("slots_used")->integer() + health.find("queued")->integer();
  };
  waitUntil("nothing of earlier tests is left", [&] { return busy() == 0; });
  runner().queue(id, {"checks/waits", "checks/waits", "checks/waits"});
  waitUntil("two run", [&] { return runner().get("/api/health").json().find("slots_used")->integer() == 2; });
  const auto health = runner().get("/api/health").json();
  EXPECT_EQ(health.find("state")->text(), "ok");
  EXPECT_EQ(health.find("slots")->integer(), 2) << "[runner] slots are the executor's";
  EXPECT_EQ(health.find("queued")->integer(), 1);
  runner().post("/api/abort/" + id, "");
  runner().waitFor(id, "Aborted");
}

TEST_F(Additions, aQueueThatWaitsIsToldWithItsRuns) {
  const auto blocker = newId();
  const auto id = newId();
  runner().queue(blocker, {"checks/waits", "checks/waits"});
  runner().waitFor(blocker, "Running");
  runner().queue(id, {"checks/passes", "checks/fails"});
  const auto waiting = jobStatus(id);
  EXPECT_EQ(waiting.find("state")->text(), "waiting");
  EXPECT_EQ(waiting.find("runs")->list().size(), 2U);
  EXPECT_THAT(waiting.find("reason")->text(), HasSubstr("slot"));
  EXPECT_EQ(runner().get("/api/log/" + id + "-1").header("x-log-complete"), "false");
  runner().post("/api/abort/" + id, "");
  EXPECT_EQ(jobStatus(id).find("state")->text(), "aborted");
  EXPECT_EQ(runner().get("/api/log/" + id + "-1").header("x-log-complete"), "true");
  runner().post("/api/abort/" + blocker, "");
}

/// Another plugin, which cannot end single runs.
TEST(OtherExecutors, areServedAsFarAsTheyGo) {
  RunningRunner::Options options;
  options.executorTables =
      "[executor]\nplugin = \"dummy_executor\"\nslots = 2\n[discoverer]\nrepository = \"@REPOSITORY@\"\n";
  RunningRunner runner(options);
  const auto can = runner.get("/api/capabilities").json();
  EXPECT_EQ(can.find("idempotency")->text(), "c3");
  EXPECT_FALSE(can.find("abort_run")->boolean());
  runner.script("hang", "");
  runner.script("pass_log-3", "");
  runner.queue("1", {"checks/hang", "checks/pass_log-3"});
  waitUntil("the second has finished", [&] { return runner.status("1-2") == "Finished"; });
  EXPECT_EQ(runner.log("1-2"), "line 1\nline 2\nline 3\n");
  EXPECT_EQ(runner.post("/api/abort/1-1", "").status, 409) << "of a whole queue only";
  runner.queue("2", {"checks/hang", "checks/pass_log-3"});
  EXPECT_EQ(runner.post("/api/abort/1", "").status, 200);
  runner.waitFor("1", "Aborted");
  runner.waitFor("2", "Running");
  runner.post("/api/abort/2", "");
  runner.waitFor("2", "Aborted");
}

TEST(Cursors, ofAnEarlierLifeAreAnsweredWithEverything) {
  RunningRunner runner;
  runner.queue("1", {"checks/passes"});
  runner.queue("2", {"checks/passes"});
  runner.waitFor("1", "Finished");
  runner.waitFor("2", "Finished");
  const auto cursor = runner.get("/api/changes?timeout_ms=0").json().find("cursor")->text();
  runner.stop(SIGKILL);
  runner.start();
  const auto changes = runner.get("/api/changes?timeout_ms=30000&cursor=" + cursor).json();
  EXPECT_NE(changes.find("cursor")->text(), cursor);
  EXPECT_EQ(changes.find("jobs")->list().size(), 2U);
}

TEST(Page, isServedWithAStrictPolicyAndNeedsNoToken) {
  RunningRunner::Options options;
  options.runner = "";
  RunningRunner runner(options);
  const auto page = runner.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.header("content-type"), HasSubstr("text/html"));
  EXPECT_THAT(page.header("content-security-policy"), HasSubstr("script-src 'self'"));
  EXPECT_THAT(page.header("content-security-policy"), HasSubstr("require-trusted-types-for 'script'"));
  EXPECT_EQ(page.body.find("<script>"), std::string::npos) << "nothing inline";
  EXPECT_EQ(page.body.find("style="), std::string::npos);
  EXPECT_EQ(runner.get("/runner.js").status, 200);
  EXPECT_EQ(runner.get("/runner.css").status, 200);
  EXPECT_EQ(runner.get("/page.json").body, R"({"prefix":"/api"})");
  EXPECT_EQ(runner.get("/api/queues").status, 401);
}

}  // namespace
}  // namespace testarena::integration
