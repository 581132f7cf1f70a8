// SPDX-License-Identifier: Apache-2.0
// However slow the other side is, an exchange ends in its time.
#include <functional>

#include "client_fixture.h"

namespace testarena::http {
namespace {

using test::Peer;
using test::ScriptedServer;

class Deadline : public ClientTest {
 protected:
  /// Sends with a limit and checks that it is kept. How late is late depends on how busy the machine is; without a
  /// deadline these servers would keep the client for ever.
  static Exchange sendFor(Client& client, Request request, std::chrono::milliseconds limit) {
    request.limit = limit;
    Call call(1h);
    const auto begin = std::chrono::steady_clock::now();
    Exchange exchange = client.send(request, call);
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(exchange.code, Code::deadline_exceeded) << exchange.problem;
    EXPECT_GE(took, limit);
    EXPECT_LT(took, limit + 5s);
    return exchange;
  }
  static Exchange sendFor(const ScriptedServer& server, const Request& request, std::chrono::milliseconds limit) {
    Client client(server.address(), {});
    return sendFor(client, request, limit);
  }
  static void drip(Peer& peer, const std::string& endless) {
    while (!peer.closing() && peer.send(endless)) std::this_thread::sleep_for(10ms);
  }
};

TEST_F(Deadline, holdsAgainstAServerThatIsSilent) {
  const ScriptedServer server([](Peer& peer) { peer.waitForClose(); });
  EXPECT_EQ(sendFor(server, post(), 200ms).outcome, Outcome::unknown);
}

TEST_F(Deadline, holdsAgainstAHeadThatDrips) {
  const ScriptedServer server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nX: ");
    drip(peer, "x");
  });
  EXPECT_EQ(sendFor(server, get(), 300ms).outcome, Outcome::unknown);
}

TEST_F(Deadline, holdsAgainstABodyThatDrips) {
  const ScriptedServer server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    drip(peer, "x");
  });
  const Exchange exchange = sendFor(server, get(), 300ms);
  EXPECT_EQ(exchange.outcome, Outcome::unknown);
  EXPECT_TRUE(exchange.answer_begun);
}

TEST_F(Deadline, holdsAgainstChunksThatDrip) {
  const ScriptedServer server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    drip(peer, "1\r\nx\r\n");
  });
  sendFor(server, get(), 300ms);
}

TEST_F(Deadline, holdsAgainstABodyThatFloods) {
  const ScriptedServer server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string much(65'536, 'x');
    while (peer.send(much)) {
    }
  });
  Request request = get();
  request.max_body = UINT64_MAX;
  request.sink = [](std::string_view) {};
  sendFor(server, request, 300ms);
}

TEST_F(Deadline, holdsAgainstAServerThatReadsNothing) {
  const ScriptedServer server([](Peer& peer) {
    while (!peer.closing()) std::this_thread::sleep_for(10ms);
  });
  EXPECT_EQ(sendFor(server, post(std::string(64 << 20, 'x')), 300ms).outcome, Outcome::unknown);
}

TEST_F(Deadline, aLoopOfInterimAnswersEndsBeforeIt) {
  const ScriptedServer server([](Peer& peer) {
    peer.request();
    while (peer.send("HTTP/1.1 100 Continue\r\n\r\n")) {
    }
  });
  const Exchange exchange = sendTo(server, get());
  EXPECT_EQ(exchange.outcome, Outcome::unknown);
  EXPECT_EQ(exchange.code, Code::unavailable);
}

TEST_F(Deadline, ofTheCallHoldsToo) {
  const ScriptedServer server([](Peer& peer) { peer.waitForClose(); });
  Client client(server.address(), {});
  Call call(200ms);
  EXPECT_EQ(client.send(get(), call).code, Code::deadline_exceeded);
}

TEST_F(Deadline, aCallThatIsTakenBackEndsTheExchange) {
  std::atomic<bool> asked{false};
  const ScriptedServer server([&](Peer& peer) {
    peer.request();
    asked = true;
    peer.waitForClose();
  });
  Client client(server.address(), {});
  Call call(1h, "", [&] { return asked.load(); });
  Request request = get();
  request.limit = 1h;
  EXPECT_EQ(client.send(request, call).code, Code::cancelled);
}

TEST_F(Deadline, oneSlowExchangeKeepsNobodyElseBack) {
  std::atomic<bool> isSlow{false};
  const ScriptedServer server([&](Peer& peer) {
    for (std::string request = peer.request(); !request.empty(); request = peer.request()) {
      if (request.find("/slow") != std::string::npos) {
        isSlow = true;
        peer.waitForClose();
        return;
      }
      peer.send(test::answer(200, "x"));
    }
  });
  Client client(server.address(), {});
  std::thread slow([&] { sendFor(client, get("/slow"), 500ms); });
  while (!isSlow) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(send(client, get()).whole().body, "x");
  slow.join();
}

}  // namespace
}  // namespace testarena::http
