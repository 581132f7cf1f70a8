// SPDX-License-Identifier: Apache-2.0
// Against the double of an existing server: what it is asked, how often, and what is made of its answers.
#include <algorithm>

#include "executor_fixture.h"
#include "existing_server_double.h"

namespace testarena::http_executor {
namespace {

class ExistingServerTest : public ExecutorTest {
 protected:
  ~ExistingServerTest() override {
    if (server_) {
      EXPECT_EQ(server_->refused(), std::vector<std::string>());
    }
  }
  test::ExistingServer& server(const std::vector<std::string>& more = {}) {
    if (server_) return *server_;
    test::writeFile(folder_ / "tasks/passes.sh", "echo all is well\n");
    test::writeFile(folder_ / "tasks/fails.sh", "exit 1\n");
    test::writeFile(folder_ / "tasks/nothing.sh", "echo no verdict\nexit 99\n");
    test::writeFile(folder_ / "tasks/sleeps.sh", "exec sleep 600\n");
    std::vector<std::string> options = {"--tasks", (folder_ / "tasks").string()};
    options.insert(options.end(), more.begin(), more.end());
    server_ = std::make_unique<test::ExistingServer>(folder_ / "server", options);
    settings_.url = server_->url();
    return *server_;
  }
  int asked(const std::string& id) { return server().count("GET /api/status/" + id); }

 private:
  std::unique_ptr<test::ExistingServer> server_;
};

TEST_F(ExistingServerTest, aTaskWithoutVerdictHasErroredAndNeverPassed) {
  server();
  submit("7", {"nothing.sh", "passes.sh"});
  const JobStatus job = waitForEnd("7");
  EXPECT_EQ(job.state, State::errored);
  EXPECT_EQ(job.runs[0].state, State::errored);
  EXPECT_EQ(job.runs[0].reason, "the server has finished it without a verdict");
  EXPECT_EQ(job.runs[1].state, State::passed);
}

TEST_F(ExistingServerTest, whatHasEndedIsNotAskedAgain) {
  server();
  submit("7", {"passes.sh", "sleeps.sh"});
  waitFor("7", [](const JobStatus& job) { return hasEnded(job.runs[0].state); });
  const int first = asked("7-1");
  for (int i = 0; i < 5; ++i) status("7");
  EXPECT_EQ(asked("7-1"), first) << "a task that has ended";
  abort("7");
  const JobStatus ended = waitForEnd("7");
  EXPECT_EQ(ended.state, State::aborted);
  const auto before = server().lines().size();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(status("7"), ended);
  abort("7");
  EXPECT_EQ(server().lines().size(), before) << "a job that has ended";
  restart();
  EXPECT_EQ(status("7"), ended);
}

TEST_F(ExistingServerTest, aQueueThatRunsForEverEndsWithItsTasks) {
  server();
  submit("7", {"passes.sh", "fails.sh"});
  server().order("freeze 7");
  const JobStatus job = waitForEnd("7");
  EXPECT_EQ(job.state, State::failed);
  EXPECT_EQ(job.runs[0].state, State::passed);
}

TEST_F(ExistingServerTest, aQueueThatRunsForEverCanBeAbortedAndRemoved) {
  server();
  submit("7", {"nothing.sh", "sleeps.sh"});
  waitFor("7", [](const JobStatus& job) { return job.runs[1].state == State::in_progress; });
  server().order("freeze 7");
  abort("7");
  EXPECT_EQ(waitForEnd("7").runs[1].state, State::aborted);
  remove("7");
  EXPECT_EQ(status("7").state, State::unknown);
}

TEST_F(ExistingServerTest, manyJobsAreAskedForWithOneRequestForTheirQueues) {
  server({"--workers", "1"});
  submit("1", {"sleeps.sh"});
  for (int i = 2; i <= 10; ++i) submit(std::to_string(i), {"passes.sh"});
  waitFor("1", [](const JobStatus& job) { return job.runs[0].state == State::in_progress; });
  const auto before = server().lines().size();
  Call call(30s);
  StatusRequest request;
  for (int i = 1; i <= 10; ++i) request.jobs.push_back({std::to_string(i), ""});
  const StatusAnswer answer = executor().status(request, call);
  for (int i = 2; i <= 10; ++i) EXPECT_EQ(answer.jobs[static_cast<std::size_t>(i - 1)].state, State::waiting);
  EXPECT_EQ(server().lines().size() - before, 2u) << "the list, and the one task that runs";
}

TEST_F(ExistingServerTest, aJobThatTheServerForgotIsUnknown) {
  server();
  submit("7", {"sleeps.sh"});
  server().order("forget 7");
  EXPECT_EQ(status("7").state, State::unknown);
  EXPECT_EQ(codeOf([&] { abort("7"); }), Code::not_found);
  remove("7");
}

TEST_F(ExistingServerTest, wrongAnswersChangeNothingAndAreShown) {
  server();
  submit("7", {"sleeps.sh"});
  const JobStatus before = waitFor("7", [](const JobStatus& job) { return job.runs[0].state == State::in_progress; });
  for (const char* kind : {"id", "type", "html", "text", "list", "500", "cut"}) {
    server().order(std::string("lie ") + kind + " 1");
    EXPECT_EQ(codeOf([&] { status("7"); }), Code::unavailable) << kind;
    EXPECT_NE(problem_.find("/status/7"), std::string::npos) << problem_;
    EXPECT_EQ(status("7").runs, before.runs) << kind;
  }
}

TEST_F(ExistingServerTest, oneJobsWrongAnswerDoesNotSpoilTheOthers) {
  server();
  submit("1", {"sleeps.sh"});
  submit("2", {"passes.sh"});
  waitForEnd("2");
  submit("3", {"sleeps.sh"});
  for (const char* id : {"1", "3"}) {
    waitFor(id, [](const JobStatus& job) { return job.runs[0].state == State::in_progress; });
  }
  server().order("lie 500 1");
  Call call(30s);
  const StatusAnswer answer = executor().status({{{"1", ""}, {"2", ""}, {"3", ""}}}, call);
  EXPECT_EQ(answer.jobs[0].state, State::in_progress);
  EXPECT_NE(answer.jobs[0].reason.find("database is locked"), std::string::npos) << "the reason is shown";
  EXPECT_EQ(answer.jobs[1].state, State::passed);
  EXPECT_EQ(answer.jobs[2].reason, "");
  EXPECT_EQ(status("1").reason, "") << "and goes with the next answer";
}

TEST_F(ExistingServerTest, aServerThatIsGoneIsUnavailableAndNothingIsLost) {
  server();
  submit("7", {"sleeps.sh"});
  waitFor("7", [](const JobStatus& job) { return job.runs[0].state == State::in_progress; });
  server().stop();
  EXPECT_EQ(codeOf([&] { status("7"); }), Code::unavailable);
  EXPECT_EQ(submitting("8"), Code::unavailable);
  Call call(2s);
  EXPECT_EQ(codeOf([&] { executor().health({}, call); }), Code::unavailable);
  server().restart();
  EXPECT_EQ(executor().health({}, call).state, HealthState::ok);
  EXPECT_EQ(status("7").state, State::unknown) << "it has forgotten everything";
  EXPECT_EQ(submitting("8"), Code::ok);
  EXPECT_EQ(waitForEnd("8").state, State::passed);
}

TEST_F(ExistingServerTest, aKnownJobIsNeverSentAgain) {
  server();
  submit("7", {"sleeps.sh"});
  EXPECT_EQ(submit("7", {"sleeps.sh"}).handle, "7");
  restart();
  EXPECT_EQ(submit("7", {"sleeps.sh"}).handle, "7");
  EXPECT_EQ(submitting("7", {"passes.sh"}), Code::conflict);
  EXPECT_EQ(server().posts("7"), 1);
}

TEST_F(ExistingServerTest, whatItSaysOfItself) {
  server();
  settings_.in_flight = 42s;
  Call call(30s);
  const ExecutorCapabilities can = executor().capabilities({}, call);
  EXPECT_EQ(can.idempotency, Idempotency::c2);
  EXPECT_EQ(can.in_flight, 42s);
  EXPECT_FALSE(can.pins_commit);
  EXPECT_TRUE(can.abort_run);
  EXPECT_FALSE(can.wait_changes || can.list || can.artifacts);
}

TEST_F(ExistingServerTest, aLogOfTheWholeJobIsTheJobsOwn) {
  server();
  settings_.log_url = server().filesUrl() + "{job}-1.log";
  submit("7", {"passes.sh", "fails.sh"});
  const JobStatus job = waitForEnd("7");
  EXPECT_EQ(job.log_bytes, 12);
  EXPECT_EQ(job.runs[0].log_bytes, 0);
  const LogPart own = readLog("7", "");
  EXPECT_EQ(own.data.view(), "all is well\n");
  EXPECT_TRUE(own.complete);
  EXPECT_TRUE(readLog("7", "passes.sh").complete);
}

TEST_F(ExistingServerTest, aTaskThatWasAbortedBeforeItWasSeenRunningKeepsItsLog) {
  server();
  test::writeFile(folder_ / "tasks/speaks.sh", "echo good night\nexec sleep 600\n");
  settings_.log_url = server().filesUrl() + "{task}.log";
  submit("7", {"speaks.sh", "passes.sh"});
  const auto log = folder_ / "server/files/7-1.log";
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (test::readFile(log) != "good night\n" && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(5ms);
  abort("7");  // it has written, and nobody has asked for its state yet
  waitForEnd("7");
  const LogPart part = readLog("7", "speaks.sh");
  EXPECT_EQ(part.data.view(), "good night\n");
  EXPECT_TRUE(part.complete);
  const LogPart none = readLog("7", "passes.sh");
  EXPECT_EQ(none.data.view(), "");
  EXPECT_TRUE(none.complete) << "it never began";
}

TEST_F(ExistingServerTest, aLogWithoutLengthIsReadButNotProven) {
  server({"--files-without-length"});
  settings_.log_url = server().filesUrl() + "{task}.log";
  submit("7", {"passes.sh"});
  waitForEnd("7");
  const LogPart part = readLog("7", "passes.sh");
  EXPECT_EQ(part.data.view(), "all is well\n");
  EXPECT_FALSE(part.complete);
  EXPECT_EQ(codeOf([&] { readLog("7", "passes.sh", 12); }), Code::out_of_range);
  EXPECT_NE(problem_.find("told no length"), std::string::npos) << problem_;
}

TEST_F(ExistingServerTest, withoutALogAddressThereIsNoLog) {
  server();
  submit("7", {"passes.sh"});
  waitForEnd("7");
  EXPECT_TRUE(readLog("7", "passes.sh").complete);
  EXPECT_TRUE(readLog("7", "").complete);
  for (const std::string& line : server().lines()) EXPECT_EQ(line.find("/files/"), std::string::npos) << line;
}

TEST_F(ExistingServerTest, aRemovedJobLeavesNothingHereEither) {
  server();
  settings_.log_url = server().filesUrl() + "{task}.log";
  submit("7", {"passes.sh"});
  waitForEnd("7");
  remove("7");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/executors/lab/jobs/7"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/executors/lab/logs/7"));
}

}  // namespace
}  // namespace testarena::http_executor
