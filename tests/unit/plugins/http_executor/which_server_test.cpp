// SPDX-License-Identifier: Apache-2.0
// Runner or existing server: asked until it is certain, and never guessed.
#include <algorithm>
#include <mutex>
#include <utility>

#include "executor_fixture.h"
#include "scripted_server.h"

namespace testarena::http_executor {
namespace {

using test::answer;
using test::Peer;
using test::ScriptedServer;

const std::string kRunner =
    R"({"server": "testarena-runner", "protocol": 1, "version": "9", "idempotency": "c3", "in_flight": 0,
        "max_batch": 77, "wait_changes": true, "list": true, "artifacts": true, "pins_commit": true, "abort_run": true,
        "labels": ["x"]})";

class WhichServer : public ExecutorTest {
 protected:
  /// `capabilities` is the raw answer to that question; empty: the connection is closed.
  void serve(std::string capabilities) {
    const std::lock_guard lock(mutex_);
    capabilities_ = std::move(capabilities);
    if (server_) return;
    server_ = std::make_unique<ScriptedServer>([this](Peer& peer) {
      for (std::string request = peer.request(); !request.empty(); request = peer.request()) {
        std::string say = answer(404, "{}");
        {
          const std::lock_guard inside(mutex_);
          requests_.push_back(request.substr(0, request.find(" HTTP")));
          if (requests_.back() == "GET /api/capabilities") say = std::exchange(first_, "");
          if (say.empty()) say = capabilities_;
          if (requests_.back() == "GET /api/queues") say = answer(200, "[]");
          if (requests_.back() == "GET /api/health") say = silent_ ? "" : answer(200, R"({"state": "ok", "slots": 3})");
        }
        const bool isCut = say.find("Content-Length: 100\r\n") != std::string::npos;
        if (say.empty() || !peer.send(say) || isCut) return;
      }
    });
    settings_.url = server_->url();
  }
  Code asking() {
    return codeOf([&] {
      Call call(10s);
      can_ = executor().capabilities({}, call);
    });
  }
  Code healing() {
    return codeOf([&] {
      Call call(10s);
      executor().health({}, call);
    });
  }
  int questions() {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(std::count(requests_.begin(), requests_.end(), "GET /api/capabilities"));
  }

  std::mutex mutex_;
  std::string capabilities_;
  std::string first_;  ///< said once before it
  bool silent_ = false;
  std::vector<std::string> requests_;
  std::unique_ptr<ScriptedServer> server_;
  ExecutorCapabilities can_;
};

TEST_F(WhichServer, isARunnerIfItSaysSo) {
  serve(answer(200, kRunner));
  ASSERT_EQ(asking(), Code::ok) << problem_;
  EXPECT_EQ(can_.idempotency, Idempotency::c3);
  EXPECT_EQ(can_.max_batch, 77);
  EXPECT_TRUE(can_.abort_run && can_.wait_changes && can_.pins_commit);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(healing(), Code::ok);
  EXPECT_EQ(questions(), 1);
}

TEST_F(WhichServer, isAnExistingOneIfItSaysAnythingElse) {
  for (const std::string& other :
       {answer(404, "{}"), answer(405, ""), answer(500, "{}"), answer(400, ""), answer(200, "<html></html>"),
        answer(200, "[]"), answer(200, R"({"server": "other"})"), answer(302, "", "Location: /login\r\n"),
        std::string("HTTP/1.0 404 Not found\r\n\r\n<html>")}) {
    restart();
    serve(other);
    ASSERT_EQ(asking(), Code::ok) << other << problem_;
    EXPECT_EQ(can_.idempotency, Idempotency::c2) << other;
    const int before = questions();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(healing(), Code::ok);
    EXPECT_EQ(questions(), before) << "never again";
  }
}

TEST_F(WhichServer, isNotGuessedWhileItDoesNotAnswer) {
  for (const std::string& none :
       {std::string(), answer(502, ""), answer(503, ""), answer(504, ""), answer(429, ""),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"server\""), std::string("garbage\r\n\r\n")}) {
    restart();
    serve(none);
    EXPECT_EQ(asking(), Code::unavailable) << none;
    EXPECT_EQ(submitting("7"), Code::unavailable) << none;
  }
  const std::lock_guard lock(mutex_);
  for (const std::string& request : requests_) EXPECT_EQ(request, "GET /api/capabilities");
}

TEST_F(WhichServer, thatWantsATokenSaysSo) {
  serve(answer(401, R"({"detail": "no token"})"));
  EXPECT_EQ(asking(), Code::denied);
  EXPECT_NE(problem_.find("`token`"), std::string::npos) << problem_;
}

TEST_F(WhichServer, ofANewerProtocolIsNotTalkedTo) {
  serve(answer(200, R"({"server": "testarena-runner", "protocol": 2})"));
  EXPECT_EQ(asking(), Code::unavailable);
  EXPECT_NE(problem_.find("version 2"), std::string::npos) << problem_;
}

TEST_F(WhichServer, isAskedAgainAfterARunnerHasNotAnswered) {
  serve(answer(200, kRunner));
  EXPECT_EQ(healing(), Code::ok);
  {
    const std::lock_guard lock(mutex_);
    silent_ = true;
  }
  EXPECT_EQ(healing(), Code::unavailable);
  {
    const std::lock_guard lock(mutex_);
    silent_ = false;
  }
  EXPECT_EQ(healing(), Code::ok);
  EXPECT_EQ(questions(), 2);
}

TEST_F(WhichServer, thatWasARunnerAndIsNoneAnyMoreIsNotUsed) {
  serve(answer(200, kRunner));
  EXPECT_EQ(healing(), Code::ok);
  {
    const std::lock_guard lock(mutex_);
    silent_ = true;
  }
  EXPECT_EQ(healing(), Code::unavailable);
  serve(answer(404, "{}"));
  EXPECT_EQ(submitting("7"), Code::unavailable) << "what holds for a runner does not hold for others";
  EXPECT_NE(problem_.find("restart"), std::string::npos) << problem_;
  serve(answer(200, kRunner));
  {
    const std::lock_guard lock(mutex_);
    silent_ = false;
  }
  EXPECT_EQ(healing(), Code::ok);
}

TEST_F(WhichServer, thatWasARunnerIsNoneOnlyIfAPersonSaysSo) {
  serve(answer(200, kRunner));
  EXPECT_EQ(healing(), Code::ok);
  for (const std::string& wrong :
       {answer(500, "{}"), answer(200, "<html></html>"), answer(302, ""), answer(404, "{}")}) {
    restart();  // of the host, which remembers
    serve(wrong);
    EXPECT_EQ(submitting("7"), Code::unavailable) << wrong;
  }
  const auto file = folder_ / "data/executors/lab/runner";
  EXPECT_NE(problem_.find("remove " + file.string()), std::string::npos) << problem_;
  std::filesystem::remove(file);
  ASSERT_EQ(asking(), Code::ok) << problem_;
  EXPECT_EQ(can_.idempotency, Idempotency::c2);
}

TEST_F(WhichServer, isNotAnExistingOneBecauseOfOneWrongAnswer) {
  for (const std::string& wrong : {answer(500, "{}"), answer(200, "<html></html>"), answer(302, "")}) {
    restart();
    serve(answer(200, kRunner));
    {
      const std::lock_guard lock(mutex_);
      first_ = wrong;
    }
    ASSERT_EQ(asking(), Code::ok) << problem_;
    EXPECT_EQ(can_.idempotency, Idempotency::c3) << wrong;
    std::filesystem::remove(folder_ / "data/executors/lab/runner");
  }
}

TEST_F(WhichServer, getsTheTokenWithEveryRequest) {
  std::mutex mutex;
  std::vector<std::string> requests;
  const ScriptedServer server(test::always([&](const std::string& request) {
    const std::lock_guard lock(mutex);
    requests.push_back(request);
    return answer(404, "{}");
  }));
  settings_.url = server.url();
  settings_.token = "s3cret";
  healing();
  status("7");
  const std::lock_guard lock(mutex);
  ASSERT_GE(requests.size(), 3u);
  for (const std::string& request : requests) {
    EXPECT_NE(request.find("\r\nAuthorization: Bearer s3cret\r\n"), std::string::npos) << request;
  }
  for (const std::string& line : host_->lines()) EXPECT_EQ(line.find("s3cret"), std::string::npos);
  EXPECT_NE(host_->lines().at(0).find("in the clear"), std::string::npos);
}

}  // namespace
}  // namespace testarena::http_executor
