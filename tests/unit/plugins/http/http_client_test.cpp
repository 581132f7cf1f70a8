// SPDX-License-Identifier: Apache-2.0
#include <future>

#include "client_fixture.h"

namespace testarena::http {
namespace {

using test::always;
using test::answer;
using test::Peer;
using test::ScriptedServer;

using HttpClient = ClientTest;

TEST_F(HttpClient, sendsExactlyWhatIsNeeded) {
  test::SharedText got;
  {
    const ScriptedServer server(always([&](const std::string& request) {
      got.set(request);
      return answer(200, "");
    }));
    const std::string host = "127.0.0.1:" + std::to_string(server.port());
    sendTo(server, get("/a?b=c"));
    EXPECT_EQ(got.get(), "GET /a?b=c HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    sendTo(server, post("{\"a\":1}"));
    EXPECT_EQ(got.get(), "POST /x HTTP/1.1\r\nHost: " + host +
                             "\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
    Request remove = get();
    remove.method = "DELETE";
    remove.bearer = "secret";
    sendTo(server, remove);
    EXPECT_EQ(got.get(), "DELETE /x HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer secret\r\n\r\n");
    Request empty = get();
    empty.method = "POST";
    sendTo(server, empty);
    EXPECT_EQ(got.get(), "POST /x HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n");
  }
}

TEST_F(HttpClient, everyStatusIsAnAnswer) {
  for (const int status : {200, 201, 204, 301, 400, 404, 422, 500, 503, 599}) {
    const ScriptedServer server(always([&](const std::string&) { return answer(status, status == 204 ? "" : "why"); }));
    const Exchange exchange = sendTo(server, get());
    EXPECT_EQ(exchange.outcome, Outcome::answered);
    EXPECT_EQ(exchange.whole().status, status);
  }
}

TEST_F(HttpClient, redirectsAreNotFollowed) {
  const ScriptedServer canary(always([](const std::string&) { return answer(200, "caught"); }));
  for (const int status : {301, 302, 303, 307, 308}) {
    const ScriptedServer server(always(
        [&](const std::string&) { return answer(status, "moved", "Location: " + canary.url() + "/stolen\r\n"); }));
    for (const Request& request : {get(), post()}) {
      const Exchange exchange = sendTo(server, request);
      EXPECT_EQ(exchange.outcome, Outcome::answered);
      EXPECT_EQ(exchange.answer.status, status);
      EXPECT_EQ(exchange.answer.body, "moved");
    }
  }
  EXPECT_EQ(canary.connections(), 0);
}

TEST_F(HttpClient, connectionsAreUsedAgain) {
  const ScriptedServer server(always([](const std::string&) { return answer(200, "x"); }));
  Client client(server.address(), {});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send(client, get()).whole().body, "x");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClient, whatMustNotBeRepeatedGetsAConnectionOfItsOwn) {
  const ScriptedServer server(always([](const std::string&) { return answer(200, "x"); }));
  Client client(server.address(), {});
  send(client, get());
  send(client, post());
  send(client, post());
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(HttpClient, aConnectionThatTheServerWantsClosedIsNotUsedAgain) {
  const ScriptedServer server(always([](const std::string&) { return answer(200, "x", "Connection: close\r\n"); }));
  Client client(server.address(), {});
  for (int i = 0; i < 3; ++i) send(client, get());
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(HttpClient, whatFollowsAnAnswerNeverAnswersTheNextRequest) {
  std::atomic<int> asked{0};
  const ScriptedServer server(always(
      [&](const std::string&) { return answer(200, "answer " + std::to_string(++asked)) + answer(200, "poison"); }));
  Client client(server.address(), {});
  EXPECT_EQ(send(client, get()).whole().body, "answer 1");
  EXPECT_EQ(send(client, get()).whole().body, "answer 2");
}

TEST_F(HttpClient, aConnectionThatDiedIdleIsReplacedOnce) {
  std::atomic<int> requests{0};
  const ScriptedServer server([&](Peer& peer) {
    // One answer for each connection; the second request on it is read and not answered.
    peer.request();
    ++requests;
    peer.send(answer(200, "x"));
    if (!peer.request().empty()) ++requests;
  });
  Client client(server.address(), {});
  EXPECT_EQ(send(client, get()).whole().body, "x");
  EXPECT_EQ(send(client, get()).whole().body, "x");
  EXPECT_EQ(server.connections(), 2);
  EXPECT_EQ(requests, 3);
}

TEST_F(HttpClient, aNewConnectionThatDiesIsNotTriedAgain) {
  const ScriptedServer server([](Peer& peer) { peer.request(); });
  const Exchange exchange = sendTo(server, get());
  EXPECT_EQ(exchange.outcome, Outcome::unknown);
  EXPECT_FALSE(exchange.answer_begun);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClient, noMoreConnectionsAreInUseThanAllowed) {
  std::atomic<int> inside{0}, most{0};
  std::atomic<bool> open{false};
  const ScriptedServer server(always([&](const std::string&) {
    const int now = ++inside;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    while (!open) std::this_thread::yield();
    --inside;
    return answer(200, "x");
  }));
  ClientOptions options;
  options.max_connections = 2;
  Client client(server.address(), options);
  std::vector<std::future<int>> answers;
  for (int i = 0; i < 6; ++i) {
    answers.push_back(std::async(std::launch::async, [&] { return send(client, get()).whole().status; }));
  }
  while (inside < 2) std::this_thread::yield();
  Call impatient(50ms);
  const Exchange waiting = client.send(get(), impatient);
  EXPECT_EQ(waiting.outcome, Outcome::not_sent) << "it was still waiting for a connection";
  EXPECT_EQ(waiting.code, Code::deadline_exceeded);
  open = true;
  for (auto& one : answers) EXPECT_EQ(one.get(), 200);
  EXPECT_EQ(most, 2);
}

TEST_F(HttpClient, aLongBodyIsSentWhole) {
  const std::string body(8 << 20, 'x');
  std::atomic<std::size_t> size{0};
  const ScriptedServer server(always([&](const std::string& request) {
    size = request.size() - request.find("\r\n\r\n") - 4;
    return answer(200, "");
  }));
  EXPECT_EQ(sendTo(server, post(body)).outcome, Outcome::answered);
  EXPECT_EQ(size, body.size());
}

TEST_F(HttpClient, aBodyBeyondTheLimitEndsTheExchangeAtOnce) {
  std::atomic<std::size_t> sent{0};
  const ScriptedServer server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(65'536, 'x') + "\r\n";
    while (peer.send(chunk)) sent += 65'536;
  });
  Request request = get();
  request.max_body = 1 << 20;
  const Exchange exchange = sendTo(server, request);
  EXPECT_EQ(exchange.outcome, Outcome::unknown);
  EXPECT_EQ(exchange.code, Code::exhausted);
  EXPECT_LE(exchange.answer.body.size(), std::size_t{1} << 20);
}

TEST_F(HttpClient, aHeadWithoutEndEndsAtItsLimit) {
  const ScriptedServer server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\n");
    while (peer.send("X: " + std::string(1000, 'x'))) {
    }
  });
  const Exchange exchange = sendTo(server, get());
  EXPECT_EQ(exchange.outcome, Outcome::unknown);
  EXPECT_EQ(exchange.code, Code::exhausted);
}

TEST_F(HttpClient, whatTheSinkThrowsEndsTheExchange) {
  const ScriptedServer server(always([](const std::string&) { return answer(200, "body"); }));
  Request request = get();
  request.sink = [](std::string_view) { throw Exhausted("the disk is full"); };
  const Exchange exchange = sendTo(server, request);
  EXPECT_EQ(exchange.code, Code::exhausted);
  EXPECT_NE(exchange.problem.find("the disk is full"), std::string::npos);
}

TEST_F(HttpClient, aLineBreakNeverGetsIntoARequest) {
  const ScriptedServer server(always([](const std::string&) { return answer(200, ""); }));
  Client client(server.address(), {});
  for (const std::string target : {"x", "", "/a b", "/a\r\nX: y", "/a\n", "/\x7f"}) {
    EXPECT_THROW(send(client, get(target)), Invalid) << target;
  }
  Request request = get();
  request.bearer = "a\r\nX: y";
  EXPECT_THROW(send(client, request), Invalid);
  EXPECT_EQ(server.connections(), 0);
}

}  // namespace
}  // namespace testarena::http
