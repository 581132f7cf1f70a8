// SPDX-License-Identifier: Apache-2.0
// What is known of a request whose answer did not come whole.
#include <random>

#include "client_fixture.h"

namespace testarena::http {
namespace {

using test::answer;
using test::Peer;
using test::ScriptedServer;

using LostAnswers = ClientTest;

TEST_F(LostAnswers, noConnectionIsProofThatNothingWasSent) {
  Address nobody;
  nobody.host = "127.0.0.1";
  nobody.port = test::deadPort();
  Client client(nobody, {});
  const Exchange exchange = send(client, post());
  EXPECT_EQ(exchange.outcome, Outcome::not_sent);
  EXPECT_EQ(exchange.code, Code::unavailable);
  EXPECT_NE(exchange.problem.find("POST http://127.0.0.1:"), std::string::npos) << exchange.problem;
  EXPECT_NE(exchange.problem.find("refused"), std::string::npos) << exchange.problem;
  EXPECT_THROW(exchange.whole(), Unavailable);
}

TEST_F(LostAnswers, aNameThatDoesNotExistIsProofToo) {
  Address nowhere;
  nowhere.host = "nowhere.invalid";
  nowhere.port = 80;
  Client client(nowhere, {});
  const Exchange exchange = send(client, post());
  EXPECT_EQ(exchange.outcome, Outcome::not_sent);
  EXPECT_NE(exchange.problem.find("nowhere.invalid"), std::string::npos) << exchange.problem;
}

TEST_F(LostAnswers, anAnswerCutAtAnyByteIsUnknownUnlessItIsWhole) {
  const std::vector<std::string> answers = {
      answer(200, R"({"status": "Queue OK", "queue_id": "7"})"),
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
  };
  for (const std::string& whole : answers) {
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      for (const bool resets : {false, true}) {
        const ScriptedServer server([&](Peer& peer) {
          peer.request();
          peer.send(std::string_view(whole).substr(0, size));
          if (resets) peer.reset();
        });
        const Exchange exchange = sendTo(server, post());
        // A reset may overtake what was sent before it: then even a whole answer is lost.
        if (size == whole.size() && !resets) {
          ASSERT_EQ(exchange.outcome, Outcome::answered);
        }
        if (size < whole.size()) {
          ASSERT_EQ(exchange.outcome, Outcome::unknown) << size;
          ASSERT_EQ(exchange.code, Code::unavailable);
          ASSERT_NE(exchange.problem, "");
          if (!resets) {
            ASSERT_EQ(exchange.answer_begun, size > 0);
          }
        }
      }
    }
  }
}

TEST_F(LostAnswers, anAnswerThatEndsByClosingIsUnknownButSaysSo) {
  const ScriptedServer server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.0 200 OK\r\n\r\nall of it, perhaps");
  });
  const Exchange exchange = sendTo(server, get());
  EXPECT_EQ(exchange.outcome, Outcome::unknown);
  EXPECT_TRUE(exchange.ended_by_closing);
  EXPECT_EQ(exchange.answer.body, "all of it, perhaps");
}

TEST_F(LostAnswers, garbageIsUnknown) {
  for (const std::string& garbage : {std::string("<html>hello</html>\r\n\r\n"), std::string("SSH-2.0-OpenSSH_9.2\r\n"),
                                     std::string("\x15\x03\x01\x00\x02\x02\x28", 7), std::string("HTTP/1.1 200 OK\n\n"),
                                     std::string(100'000, 'x')}) {
    const ScriptedServer server([&](Peer& peer) {
      peer.request();
      peer.send(garbage);
    });
    const Exchange exchange = sendTo(server, post());
    EXPECT_EQ(exchange.outcome, Outcome::unknown);
    EXPECT_TRUE(exchange.answer_begun);
  }
}

TEST_F(LostAnswers, mutatedAnswersAreNeverMoreThanTheyAre) {
  std::mt19937 random(7);
  const std::string whole = answer(200, R"({"id": "7", "type": "queue", "status": "Running"})");
  test::SharedText mutated;
  const ScriptedServer server([&](Peer& peer) {
    peer.request();
    peer.send(mutated.get());
  });
  for (int round = 0; round < 300; ++round) {
    std::string text = whole;
    text[random() % text.size()] = static_cast<char>(random());
    text.erase(random() % text.size(), random() % 3);
    mutated.set(text);
    const Exchange exchange = sendTo(server, post());
    ASSERT_NE(exchange.outcome, Outcome::not_sent);
    if (exchange.outcome == Outcome::answered) {
      ASSERT_GE(exchange.answer.status, 200);
    }
  }
}

TEST_F(LostAnswers, aPostIsNeverSentTwice) {
  std::atomic<int> requests{0};
  const ScriptedServer server([&](Peer& peer) {
    if (peer.request().empty()) return;
    ++requests;
    peer.reset();
  });
  Client client(server.address(), {});
  EXPECT_EQ(send(client, post()).outcome, Outcome::unknown);
  EXPECT_EQ(requests, 1);
}

}  // namespace
}  // namespace testarena::http
