// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "client.h"
#include "event_hub.h"

namespace testarena::http::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

/// Handlers that wait until the test opens the door.
class Door {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  bool waitFor(int handlers) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, Client::kPatience, [&] { return waiting_ >= handlers; });
  }
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

class ServerTest : public testing::Test {
 protected:
  Server& serve(Handler handler, ServerOptions options = {}) {
    ServerCallbacks callbacks;
    callbacks.handler = std::move(handler);
    callbacks.failed = [this](std::string_view, std::string_view text) { failures_.emplace_back(text); };
    server_ = std::make_unique<Server>(std::move(options), std::move(callbacks), &hub_, &counters_);
    server_->start();
    return *server_;
  }
  static Response echo(const Request& request) {
    return Response::text(std::string(request.method()) + " " + std::string(request.target()) + " " + request.body());
  }
  std::uint16_t port() const { return server_->port(); }
  ReceivedAnswer get(std::string_view target, std::string_view fields = {}) {
    return test::get(port(), target, fields);
  }

  Counters counters_;
  EventHub hub_{{}, &counters_};
  std::vector<std::string> failures_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, answersOnOneConnectionAgainAndAgain) {
  serve(echo);
  Client client(port());
  for (int i = 0; i < 50; ++i) {
    std::string target = "/request/" + std::to_string(i);
    ASSERT_TRUE(client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    auto answer = client.answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "GET " + target + " ");
  }
  EXPECT_EQ(counters_.connections_accepted, 1U);
  EXPECT_EQ(counters_.requests, 50U);
}

TEST_F(ServerTest, everyAnswerCarriesTheSecurityFieldsAndNoServer) {
  serve([](const Request& request) -> Response {
    if (request.rawPath() == "/throws") throw std::runtime_error("the secret reason");
    return Response::json("{}");
  });
  for (const ReceivedAnswer& answer :
       {get("/"), get("/throws"), get("/%zz"), ask(port(), "GET / HTTP/1.1\r\n\r\n"),
        ask(port(), "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), ask(port(), "GET / HTTP/7.1\r\nHost: a\r\n\r\n")}) {
    SCOPED_TRACE(answer.head);
    EXPECT_EQ(answer.headers.count("server"), 0U);
    EXPECT_THAT(answer.headers.at("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.headers.at("cross-origin-opener-policy"), "same-origin");
    EXPECT_EQ(answer.headers.at("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.headers.at("referrer-policy"), "same-origin");
    EXPECT_EQ(answer.headers.count("date"), 1U);
  }
}

TEST_F(ServerTest, anExceptionIsA500WithAnIdAndTheReasonGoesToTheLogOnly) {
  serve([](const Request& request) -> Response {
    if (request.rawPath() == "/std") throw std::runtime_error("the secret reason");
    if (request.rawPath() == "/int") throw 7;
    throw NotFound("there is no job 7");
  });
  ReceivedAnswer answer = get("/std", "X-Request-Id: abc-1\r\n");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  EXPECT_THAT(answer.body, HasSubstr("\"request_id\":\"abc-1\""));
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  EXPECT_THAT(failures_, testing::ElementsAre("the secret reason"));
  EXPECT_EQ(get("/int").status, 500);
  EXPECT_EQ(failures_.size(), 2U);
  answer = get("/missing");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("there is no job 7"));
}

TEST_F(ServerTest, headGetsTheHeadOnly) {
  serve(echo);
  Client client(port());
  client.send("HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\nGET /y HTTP/1.1\r\nHost: localhost\r\n\r\n");
  auto head = client.answer(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->headers.at("content-length"), std::to_string(std::string("HEAD /x ").size()));
  auto next = client.answer();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "GET /y ");
}

TEST_F(ServerTest, pipelinedRequestsAreAnsweredInOrder) {
  serve(echo);
  Client client(port());
  std::string all;
  for (int i = 0; i < 10; ++i)
    all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nb" +
           std::to_string(i) + "!";
  client.send(all);
  for (int i = 0; i < 10; ++i) {
    auto answer = client.answer();
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->body, "POST /" + std::to_string(i) + " b" + std::to_string(i) + "!");
  }
}

TEST_F(ServerTest, aRequestMayComeByteByByte) {
  serve(echo);
  Client client(port());
  for (char c :
       std::string("POST /slow HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
    ASSERT_TRUE(client.send({&c, 1}));
  auto answer = client.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "POST /slow abc");
}

TEST_F(ServerTest, aClientThatFinishesSendingStillGetsAllItsAnswers) {
  serve(echo);
  Client client(port());
  client.send("GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.finishSending();
  std::string all = client.untilClosed();
  EXPECT_FALSE(client.isOpen());
  EXPECT_THAT(all, HasSubstr("GET /1"));
  EXPECT_THAT(all, HasSubstr("GET /2"));
}

TEST_F(ServerTest, connectionCloseAndHttp10AreHonoured) {
  serve(echo);
  Client closing(port());
  closing.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(closing.untilClosed(), HasSubstr("Connection: close"));
  EXPECT_FALSE(closing.isOpen());
  Client old(port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.untilClosed(), HasSubstr("200 OK"));
  EXPECT_FALSE(old.isOpen());
  Client old_kept(port());
  for (int i = 0; i < 2; ++i) {
    old_kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    ASSERT_TRUE(old_kept.answer());
  }
}

TEST_F(ServerTest, aLargeAnswerToASlowReaderHoldsUpNobody) {
  auto large = std::make_shared<const std::string>(64 * 1024 * 1024, 'x');
  ServerOptions options;
  options.hot_workers = 1;
  options.max_workers = 1;
  serve(
      [&](const Request& request) {
        if (request.rawPath() != "/large") return Response::text("small");
        Response response;
        response.setBody(large, "application/octet-stream");
        return response;
      },
      options);
  std::vector<Client> slow;
  for (int i = 0; i < 20; ++i) {
    slow.emplace_back(port(), 4096);
    slow.back().send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  ASSERT_TRUE(eventually([&] { return counters_.requests == 20; }));
  EXPECT_EQ(get("/").body, "small");
  slow.clear();
  Client whole(port());
  whole.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  auto answer = whole.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body.size(), large->size());
  answer = whole.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "small");
}

TEST_F(ServerTest, aReaderThatTakesNothingIsCut) {
  ServerOptions options;
  options.write_stall = milliseconds(50);
  serve([](const Request&) { return Response::text(std::string(32 * 1024 * 1024, 'x')); }, options);
  Client client(port(), 4096);
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return counters_.refusals[static_cast<int>(Refusal::slow_reader)] == 1; }));
  EXPECT_TRUE(eventually([&] { return counters_.connections_open == 0; }));
}

TEST_F(ServerTest, sixtyFourHandlersWaitAtOnce) {
  Door door;
  serve([&](const Request&) {
    BlockingRegion blocking;
    door.wait();
    return Response::noContent();
  });
  std::vector<Client> clients;
  for (int i = 0; i < 64; ++i) {
    clients.emplace_back(port());
    clients.back().send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  EXPECT_TRUE(door.waitFor(64));
  door.open();
  for (Client& client : clients) EXPECT_TRUE(client.answer());
}

TEST_F(ServerTest, handlersThatBlockWithoutSayingSoAreNoticed) {
  Door door;
  serve([&](const Request& request) {
    if (request.rawPath() == "/wait") door.wait();
    return Response::noContent();
  });
  std::vector<Client> clients;
  for (int i = 0; i < 64; ++i) {
    clients.emplace_back(port());
    clients.back().send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  EXPECT_TRUE(door.waitFor(64));
  EXPECT_EQ(get("/").status, 204);
  door.open();
  for (Client& client : clients) EXPECT_TRUE(client.answer());
}

TEST_F(ServerTest, whenTheQueueIsFullItSays503AndWhenToComeBack) {
  Door door;
  ServerOptions options;
  options.hot_workers = 1;
  options.max_workers = 1;
  options.max_queued = 2;
  serve(
      [&](const Request&) {
        door.wait();
        return Response::noContent();
      },
      options);
  std::vector<Client> clients;
  for (int i = 0; i < 10; ++i) {
    clients.emplace_back(port());
    clients.back().send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    if (i == 0) {
      ASSERT_TRUE(door.waitFor(1));
    }
  }
  ASSERT_TRUE(eventually([&] { return counters_.refusals[static_cast<int>(Refusal::full)] == 7; }));
  door.open();
  int served = 0;
  for (Client& client : clients) {
    auto answer = client.answer();
    ASSERT_TRUE(answer);
    if (answer->status == 204) {
      ++served;
    } else {
      EXPECT_EQ(answer->status, 503);
      EXPECT_EQ(answer->headers.at("retry-after"), "1");
    }
  }
  EXPECT_EQ(served, 3);
}

TEST_F(ServerTest, slowHeadsAndBodiesGet408) {
  ServerOptions options;
  options.head_time = milliseconds(50);
  options.body_grace = milliseconds(50);
  serve(echo, options);
  Client head(port());
  head.send("GET / HTTP/1.1\r\nHo");
  auto answer = head.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
  EXPECT_TRUE(head.closed());
  Client body(port());
  body.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  answer = body.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
  EXPECT_TRUE(body.closed());
  Client silent(port());
  EXPECT_TRUE(silent.closed());
  EXPECT_EQ(silent.received(), "");
}

TEST_F(ServerTest, theOldestIncompleteOfAnAddressMakesPlace) {
  ServerOptions options;
  options.max_incomplete_per_address = 5;
  serve(echo, options);
  std::vector<Client> clients;
  for (unsigned i = 0; i < 6; ++i) {
    clients.emplace_back(port());
    clients.back().send("GET /half");
    ASSERT_TRUE(eventually([&] { return counters_.connections_incomplete == std::min(i + 1U, 5U); }));
  }
  EXPECT_TRUE(clients[0].closed());
  EXPECT_EQ(get("/").status, 200);
  for (std::size_t i = 1; i < clients.size(); ++i) {
    clients[i].send(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(clients[i].answer()) << i;
  }
}

TEST_F(ServerTest, whenConnectionsRunOutTheOldestIdleOneMakesPlace) {
  ServerOptions options;
  options.max_connections = 10;
  serve(echo, options);
  std::vector<Client> idle;
  for (int i = 0; i < 10; ++i) {
    idle.emplace_back(port());
    idle.back().send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(idle.back().answer());
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(get("/").status, 200);
  EXPECT_TRUE(idle[0].closed());
}

TEST_F(ServerTest, aClosedConnectionThatAChildStillHoldsIsForgotten) {
  serve(echo);
  std::vector<Client> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(port());
    clients.back().send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(clients.back().answer());
  }
  int door[2];
  ASSERT_EQ(::pipe(door), 0);
  const pid_t child = ::fork();  // has all descriptors, as one has that has not come to its exec yet
  if (child == 0) {
    ::close(door[1]);
    for (const Client& client : clients) ::close(client.descriptor());
    char none;
    ::_exit(::read(door[0], &none, 1) == 0 ? 0 : 1);
  }
  for (Client& client : clients) {
    client.send("GET /b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    ASSERT_TRUE(client.answer());
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(get("/c").status, 200);  // rounds in which closed connections are swept out
  clients.clear();                                                // what the kernel would tell of them is told now
  for (int i = 0; i < 20; ++i) EXPECT_EQ(get("/d").status, 200);
  ::close(door[1]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ::close(door[0]);
}

TEST_F(ServerTest, expectContinueIsAnswered) {
  serve(echo);
  Client client(port());
  client.send("POST /c HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  auto answer = client.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 100);
  client.send("body");
  answer = client.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "POST /c body");
}

TEST_F(ServerTest, forwardedFieldsAreBelievedFromTrustedProxiesOnly) {
  auto tell = [](const Request& request) {
    const Origin& origin = request.origin();
    return Response::text(origin.client + (origin.secure ? " secure" : " plain"));
  };
  serve(tell);
  constexpr std::string_view kForwarded = "X-Forwarded-For: 198.51.100.9, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n";
  EXPECT_EQ(get("/", kForwarded).body, "127.0.0.1 plain");
  server_.reset();
  ServerOptions options;
  options.trusted_proxies = {"127.0.0.0/8"};
  serve(tell, options);
  EXPECT_EQ(get("/", kForwarded).body, "192.0.2.7 secure");
}

TEST_F(ServerTest, stopLetsRequestsFinishAndClosesTheRest) {
  Door door;
  serve([&](const Request& request) {
    if (request.rawPath() == "/wait") door.wait();
    return Response::text("done");
  });
  Client idle(port());
  idle.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(idle.answer());
  Client waiting(port());
  waiting.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(door.waitFor(1));
  std::thread stopping([&] { server_->stop(); });
  EXPECT_TRUE(idle.closed());
  door.open();
  auto answer = waiting.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "done");
  EXPECT_TRUE(waiting.closed());
  stopping.join();
  EXPECT_THROW(Client{port()}, std::runtime_error);
}

TEST_F(ServerTest, stopDoesNotWaitLongerThanItMay) {
  const auto door = std::make_shared<Door>();  // the handler goes on when the test has ended
  ServerOptions options;
  options.stop_time = milliseconds(20);
  serve(
      [door](const Request&) {
        door->wait();
        return Response::noContent();
      },
      options);
  Client client(port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(door->waitFor(1));
  server_->stop();  // Comes back although the handler does not.
  door->open();
}

TEST_F(ServerTest, aBadListenAddressIsNamed) {
  ServerOptions options;
  options.listen = "nowhere";
  try {
    serve(echo, options);
    FAIL() << "it listens nowhere";
  } catch (const Invalid& error) {
    EXPECT_THAT(error.what(), HasSubstr("'nowhere'"));
  }
  serve(echo);
  options.listen = server_->address();
  ServerCallbacks callbacks;
  callbacks.handler = echo;
  EXPECT_THROW(Server(options, callbacks), Unavailable);
}

}  // namespace
}  // namespace testarena::http::test
