// SPDX-License-Identifier: Apache-2.0
// What is made of answers of a runner, right and wrong; how a real one answers is tested by the contract.
#include <algorithm>
#include <atomic>
#include <mutex>

#include "executor_fixture.h"
#include "scripted_server.h"

namespace testarena::http_executor {
namespace {

using test::answer;
using test::ScriptedServer;

class RunnerAnswers : public ExecutorTest {
 protected:
  RunnerAnswers()
      : server_(test::always([this](const std::string& request) {
          const std::lock_guard lock(mutex_);
          last_ = request;
          const std::string line = request.substr(0, request.find(" HTTP"));
          if (line == "GET /api/capabilities") {
            return answer(200,
                          R"({"server": "testarena-runner", "protocol": 1, "idempotency": "c3", "artifacts": true})");
          }
          return say_;
        })) {
    settings_.url = server_.url();
    settings_.id_prefix = "a:";
  }
  void say(std::string raw) {
    const std::lock_guard lock(mutex_);
    say_ = std::move(raw);
  }
  std::string last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  std::string line() { return last().substr(0, last().find(" HTTP")); }

  std::mutex mutex_;
  std::string say_, last_;
  const ScriptedServer server_;
};

TEST_F(RunnerAnswers, aSubmissionSaysCommitUserAndRuns) {
  say(answer(200, R"({"status": "Queue OK", "queue_id": "a:7"})"));
  EXPECT_EQ(submit("7", {"checks/boot.xml"}).handle, "a:7");
  const std::string sent = last();
  EXPECT_EQ(sent.substr(sent.find("\r\n\r\n") + 4),
            R"({"source":"main","a:7":["lab",{"a:7-1":"checks/boot.xml"},{"commit":")" + std::string(40, 'a') +
                R"(","user":"ada","runs":[{"scenario":"checks/boot.xml","path":"checks/boot.xml","attempt":1,)"
                R"("expanded_from":""}]}]})");
}

TEST_F(RunnerAnswers, errorsKeepTheirMeaning) {
  const std::vector<std::pair<int, Code>> meanings = {
      {400, Code::invalid},     {401, Code::denied},      {409, Code::conflict},    {413, Code::invalid},
      {422, Code::invalid},     {429, Code::unavailable}, {500, Code::unavailable}, {503, Code::unavailable},
      {301, Code::unavailable}, {404, Code::unavailable}};
  for (const auto& [status, code] : meanings) {
    say(answer(status, R"({"detail": "because"})"));
    EXPECT_EQ(submitting("7"), code) << status;
    EXPECT_NE(problem_.find("because"), std::string::npos) << problem_;
  }
  say(answer(404, R"({"detail": "no such queue"})"));
  EXPECT_EQ(codeOf([&] { abort("7"); }), Code::not_found);
  EXPECT_EQ(codeOf([&] { readLog("7", "a"); }), Code::not_found);
  EXPECT_EQ(codeOf([&] { remove("7"); }), Code::ok) << "it refuses the id from now on";
}

TEST_F(RunnerAnswers, anAnswerAboutOthersIsNone) {
  say(answer(200, R"({"status": "Queue OK", "queue_id": "7"})"));
  EXPECT_EQ(submitting("7"), Code::unavailable);
  for (const char* body :
       {R"({"jobs": []})", R"({"jobs": [{"job": "7", "state": "passed"}]})", "[]", "<html>",
        R"({"jobs": [{"job": "a:7", "state": 3}]})", R"({"jobs": [{"job": "a:7"}, {"job": "a:7"}]})"}) {
    say(answer(200, body));
    EXPECT_EQ(codeOf([&] { status("7"); }), Code::unavailable) << body;
  }
  say(answer(200, R"({"jobs": [{"job": "a:7", "state": "passed"}]})"));
  EXPECT_EQ(status("7").state, State::passed);
  EXPECT_EQ(status("7").job, "7");
}

TEST_F(RunnerAnswers, aPageOfSomethingInBetweenIsNoDeed) {
  for (const char* body : {"<html>Log in to go on</html>", "{}", R"({"id": "a:8", "status": "Deleted"})", "[]"}) {
    say(answer(200, body));
    EXPECT_EQ(codeOf([&] { remove("7"); }), Code::unavailable) << body;
    EXPECT_EQ(codeOf([&] { abort("7"); }), Code::unavailable) << body;
  }
  say(answer(200, R"({"id": "a:7", "status": "Deleted"})"));
  EXPECT_EQ(codeOf([&] { remove("7"); }), Code::ok) << problem_;
  say(answer(200, R"({"id": "a:7", "status": "Aborted"})"));
  EXPECT_EQ(codeOf([&] { abort("7"); }), Code::ok) << problem_;
}

TEST_F(RunnerAnswers, whatIsTooLongForOneAnswerIsAskedForInParts) {
  std::atomic<int> asked{0};
  const ScriptedServer server(test::always([&](const std::string& request) {
    if (request.compare(0, 4, "GET ") == 0) return answer(200, R"({"server": "testarena-runner", "protocol": 1})");
    ++asked;
    std::string jobs;
    for (const char* id : {"1", "2", "3"}) {
      if (request.find("\"job\":\"" + std::string(id) + "\"") == std::string::npos) continue;
      jobs += std::string(jobs.empty() ? "" : ",") + R"({"job": ")" + id + R"(", "state": "passed"})";
    }
    // Three at once are more than anybody takes.
    const bool tooMany = std::count(jobs.begin(), jobs.end(), '{') == 3;
    return tooMany ? "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"
                   : answer(200, "{\"jobs\": [" + jobs + "]}");
  }));
  settings_.url = server.url();
  settings_.id_prefix.clear();
  Call call(10s);
  const StatusAnswer told = executor().status({{{"1", ""}, {"2", ""}, {"3", ""}}}, call);
  ASSERT_EQ(told.jobs.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(told.jobs[static_cast<std::size_t>(i)].job, std::to_string(i + 1));
    EXPECT_EQ(told.jobs[static_cast<std::size_t>(i)].state, State::passed);
  }
  EXPECT_EQ(asked, 3) << "the whole, and its halves";
}

TEST_F(RunnerAnswers, aLogSaysWhetherItIsWhole) {
  say(answer(200, "hello", "X-Log-Complete: true\r\n"));
  const LogPart part = readLog("7", "boot & go", 3);
  EXPECT_TRUE(part.complete);
  EXPECT_EQ(part.data.view(), "hello");
  EXPECT_EQ(line(), "GET /api/log/a:7?scenario=boot%20%26%20go&attempt=1&offset=3&limit=1048576");
  say(answer(200, "hello", "X-Log-Complete: false\r\n"));
  EXPECT_FALSE(readLog("7", "").complete);
  say(answer(200, "hello"));
  EXPECT_EQ(codeOf([&] { readLog("7", "a"); }), Code::unavailable);
  say("HTTP/1.1 200 OK\r\nX-Log-Complete: true\r\nConnection: close\r\n\r\nhello");
  EXPECT_NE(codeOf([&] { readLog("7", "a"); }), Code::ok) << "not proven whole";
}

TEST_F(RunnerAnswers, otherHostsJobsAreNotOurs) {
  say(answer(200, R"({"cursor": "5", "jobs": ["a:7", "b:8", "9"]})"));
  Call call(10s);
  const Changes changes = executor().wait_changes({"4 x", 100ms}, call);
  EXPECT_EQ(changes.jobs, std::vector<std::string>{"7"});
  EXPECT_EQ(changes.cursor, "5");
  EXPECT_EQ(line(), "GET /api/changes?cursor=4%20x&timeout_ms=100");
  say(answer(200, R"({"jobs": [{"job": "b:1", "state": "passed"}, {"job": "a:7", "handle": "x"}], "next": ""})"));
  const JobList list = executor().list({"", 10}, call);
  ASSERT_EQ(list.jobs.size(), 1u);
  EXPECT_EQ(list.jobs[0].job, "7");
}

TEST_F(RunnerAnswers, anEndlessListEnds) {
  say(answer(200, R"({"jobs": [], "next": "x"})"));
  Call call(10s);
  EXPECT_EQ(codeOf([&] { executor().list({"", 10}, call); }), Code::unavailable);
}

TEST_F(RunnerAnswers, idsThatAreNoneNeverReachIt) {
  Call call(10s);
  for (const std::string& id : {std::string("../x"), std::string("a/b"), std::string("x\r\nX: y"), std::string()}) {
    EXPECT_EQ(codeOf([&] { abort(id); }), Code::invalid);
    EXPECT_EQ(codeOf([&] { remove(id); }), Code::invalid);
    EXPECT_EQ(codeOf([&] { readLog(id, "a"); }), Code::invalid);
    EXPECT_EQ(status(id).state, State::unknown);
  }
  EXPECT_EQ(line(), "GET /api/capabilities");
}

}  // namespace
}  // namespace testarena::http_executor
