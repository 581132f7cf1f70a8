// SPDX-License-Identifier: Apache-2.0
// What is concluded from answers to a submission that did not come, not whole, or wrong.
#include "executor_fixture.h"
#include "scripted_server.h"

namespace testarena::http_executor {
namespace {

using test::answer;
using test::Peer;
using test::ScriptedServer;

const std::string kAccepted = R"({"status": "Queue OK", "queue_id": "7"})";
const std::string kKnown = R"({"id": "7", "type": "queue", "status": "Waiting"})";

class LostSubmission : public ExecutorTest {
 protected:
  /// A server that says `toPost` to POST /queue, as raw octets, and knows the queue or not.
  void serve(std::string toPost, bool knows) {
    restart();
    server_.reset();
    server_ = std::make_unique<ScriptedServer>([this, toPost = std::move(toPost), knows](Peer& peer) {
      for (std::string request = peer.request(); !request.empty(); request = peer.request()) {
        if (request.compare(0, 15, "POST /api/queue") == 0) {
          ++posts_;
          if (toPost.empty() || !peer.send(toPost)) return;
          if (toPost.find("\r\n\r\n") == std::string::npos || isCut(toPost)) return;
        } else if (request.compare(0, 17, "GET /api/status/7") == 0) {
          ++questions_;
          if (!peer.send(knows ? answer(200, kKnown) : answer(404, R"({"detail": "no"})"))) return;
        } else if (request.compare(0, 15, "GET /api/queues") == 0) {
          if (!peer.send(list_.empty() ? answer(404, "<html>no backend</html>") : answer(200, list_))) return;
        } else if (!peer.send(answer(404, "{}"))) {
          return;
        }
      }
    });
    settings_.url = server_->url();
    posts_ = questions_ = 0;
    std::filesystem::remove_all(folder_ / "data");
  }
  static bool isCut(const std::string& text) {
    const std::size_t head = text.find("\r\n\r\n");
    const std::size_t length = text.find("Content-Length: ");
    if (length > head) return true;
    return text.size() - head - 4 < std::stoul(text.substr(length + 16));
  }

  std::string list_ = "[]";  ///< answer to GET /queues; empty: 404. Set before serve()
  std::unique_ptr<ScriptedServer> server_;
  std::atomic<int> posts_{0}, questions_{0};
};

TEST_F(LostSubmission, aWholeRightAnswerNeedsNoQuestion) {
  for (const char* body :
       {R"({"status": "Queue OK", "queue_id": "7"})", R"({"status": "queue ok", "queue_id": 7, "x": []})"}) {
    serve(answer(200, body), false);
    EXPECT_EQ(submit("7", {"a"}).handle, "7");
    EXPECT_EQ(questions_, 0);
  }
}

TEST_F(LostSubmission, anAnswerCutAnywhereIsAcceptedOnlyIfTheServerKnowsTheJob) {
  const std::string whole = answer(200, kAccepted);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    serve(whole.substr(0, size), true);
    ASSERT_EQ(submitting("7", {"a"}), Code::ok) << size << ": " << problem_;
    ASSERT_EQ(posts_, 1);
    serve(whole.substr(0, size), false);
    ASSERT_EQ(submitting("7", {"a"}), Code::unavailable) << size;
    ASSERT_EQ(posts_, 1) << "it may be under way: nobody sends it again here";
    ASSERT_EQ(questions_, 1);
  }
}

TEST_F(LostSubmission, aWholeWrongAnswerEndsTheFlight) {
  for (const std::string& wrong :
       {answer(500, R"({"detail": "locked"})"), answer(503, ""), answer(429, ""), answer(200, "<html>hello</html>"),
        answer(200, "{}"), answer(200, R"({"status": "Queue full", "queue_id": "7"})"), answer(204, "")}) {
    serve(wrong, true);
    EXPECT_EQ(submitting("7", {"a"}), Code::ok) << wrong;
    serve(wrong, false);
    EXPECT_EQ(submitting("7", {"a"}), Code::retry) << wrong;
    EXPECT_EQ(submitting("7", {"a"}), Code::retry) << "and again, if the host wants";
    EXPECT_EQ(posts_, 2);
  }
}

TEST_F(LostSubmission, whatAProxySaysOfItsOwnSilenceEndsNothing) {
  for (const int status : {502, 504}) {
    serve(answer(status, "<html>Bad gateway</html>"), false);
    EXPECT_EQ(submitting("7", {"a"}), Code::unavailable) << status;
    serve(answer(status, ""), true);
    EXPECT_EQ(submitting("7", {"a"}), Code::ok);
  }
}

TEST_F(LostSubmission, aRefusalIsOneOnlyIfTheServerDoesNotKnowTheJob) {
  const std::vector<std::pair<int, Code>> refusals = {{400, Code::invalid},  {413, Code::invalid}, {422, Code::invalid},
                                                      {409, Code::conflict}, {401, Code::denied},  {403, Code::denied}};
  for (const auto& [status, code] : refusals) {
    serve(answer(status, R"({"detail": "no such branch"})"), false);
    EXPECT_EQ(submitting("7", {"a"}), code) << status;
    EXPECT_NE(problem_.find("no such branch"), std::string::npos) << problem_;
    serve(answer(status, "{}"), true);
    EXPECT_EQ(submitting("7", {"a"}), Code::ok) << status;
  }
}

TEST_F(LostSubmission, aWrongAddressIsForAPersonAndLosesNoJob) {
  for (const int status : {301, 302, 307, 308, 404, 405}) {
    serve(answer(status, "", "Location: http://127.0.0.1:1/\r\n"), false);
    EXPECT_EQ(submitting("7", {"a"}), Code::unavailable) << status;
    EXPECT_NE(problem_.find("`prefix`"), std::string::npos) << problem_;
  }
}

TEST_F(LostSubmission, aServerThatTakesAnotherIdIsNotGivenTheJobAgain) {
  serve(answer(200, R"({"status": "Queue OK", "queue_id": "8"})"), false);
  EXPECT_EQ(submitting("7", {"a"}), Code::invalid);
  EXPECT_NE(problem_.find("id"), std::string::npos);
}

TEST_F(LostSubmission, a404OfSomethingInBetweenIsNotBelieved) {
  const std::string wrong = answer(500, "{}");
  for (const char* list : {"", R"([{"id": "8", "status": "Running"}, {"id": "7", "status": "Waiting"}])"}) {
    list_ = list;
    serve(wrong, false);
    EXPECT_EQ(submitting("7", {"a"}), Code::unavailable) << "whether it has the job is not known";
    EXPECT_EQ(submitting("7", {"a"}), Code::unavailable);
    EXPECT_EQ(posts_, 1);
  }
  list_ = R"([{"id": "8", "status": "Running"}])";
  serve(wrong, false);
  EXPECT_EQ(submitting("7", {"a"}), Code::retry);
}

TEST_F(LostSubmission, jobsThatAreNotAnsweredForKeepNobodyBackForEver) {
  const ScriptedServer server([](Peer& peer) {
    for (std::string request = peer.request(); !request.empty(); request = peer.request()) {
      const std::string line = request.substr(0, request.find(" HTTP"));
      const std::string id = line.substr(line.rfind('/') + 1);
      if (line == "GET /api/status/1" || line == "GET /api/status/2") return peer.waitForClose();
      std::string say = answer(404, "{}");
      if (line == "POST /api/queue") {
        const std::size_t begin = request.find("\"main\",\"") + 8;
        say = answer(200, R"({"status": "Queue OK", "queue_id": ")" + request.substr(begin, 1) + "\"}");
      } else if (line.compare(0, 16, "GET /api/status/") == 0) {
        say = answer(200, R"({"id": ")" + id + R"(", "status": "PASS"})");
      }
      if (!peer.send(say)) return;
    }
  });
  settings_.url = server.url();
  settings_.timeout = 1200ms;
  StatusRequest request;
  for (const char* id : {"1", "2", "3", "4"}) {
    ASSERT_EQ(submitting(id, {"a"}), Code::ok) << problem_;
    request.jobs.push_back({id, ""});
  }
  for (int round = 1; round <= 2; ++round) {
    Call call(30s);
    try {
      const StatusAnswer told = executor().status(request, call);
      if (told.jobs[2].state == State::passed && told.jobs[3].state == State::passed) return;
    } catch (const DeadlineExceeded&) {  // nobody was heard in this round
    }
  }
  ADD_FAILURE() << "3 and 4 are never asked for";
}

TEST_F(LostSubmission, noConnectionIsUnavailable) {
  settings_.url = "http://127.0.0.1:" + std::to_string(test::deadPort());
  EXPECT_EQ(submitting("7", {"a"}), Code::unavailable);
}

TEST_F(LostSubmission, aHostThatIsKilledAsksBeforeItSendsAgain) {
  serve("", false);
  EXPECT_EQ(submitting("7", {"a"}), Code::unavailable);
  restart();  // another life: only what is on disk is known
  EXPECT_EQ(submitting("7", {"a"}), Code::unavailable);
  EXPECT_EQ(questions_, 3) << "after the first, before the second, after the second";
  EXPECT_EQ(posts_, 2);
}

TEST_F(LostSubmission, whileTheServerCannotBeAskedNothingIsToldOfTheJob) {
  serve("", false);
  EXPECT_EQ(submitting("7", {"a"}), Code::unavailable);
  server_.reset();
  EXPECT_EQ(codeOf([&] { status("7"); }), Code::unavailable) << "a state would say that it has arrived";
}

}  // namespace
}  // namespace testarena::http_executor
