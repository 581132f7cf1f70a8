// SPDX-License-Identifier: Apache-2.0
// Answers that come after their handler has returned, and bodies that are made while they are sent.
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "client.h"
#include "pending_answer.h"
#include "server.h"

namespace testarena::http::test {
namespace {

/// The byte of an endless text at a place: no two neighbouring pieces look alike.
char byteAt(std::uint64_t offset) {
  return static_cast<char>('a' + (offset * 2654435761U >> 16) % 26);
}

std::string bytesFrom(std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = byteAt(offset + i);
  return bytes;
}

class LaterAnswersTest : public testing::Test {
 protected:
  ~LaterAnswersTest() override {
    pending_.clear();
    if (server_) server_->stop();
  }

  void serve(Handler handler, ServerOptions options = {}) {
    ServerCallbacks callbacks;
    callbacks.handler = std::move(handler);
    callbacks.failed = [this](std::string_view, std::string_view) { ++failures_; };
    server_ = std::make_unique<Server>(std::move(options), std::move(callbacks), nullptr, &counters_);
    server_->start();
  }

  /// "/later" waits for the test; everything else is answered at once.
  Response keepOrAnswer(const Request& request) {
    if (request.rawPath() != "/later") return Response::text("at once");
    return Response::later([this](std::shared_ptr<PendingAnswer> answer) {
      const std::lock_guard lock(mutex_);
      pending_.push_back(std::move(answer));
    });
  }
  bool waitForPending(std::size_t count) {
    return eventually([&] {
      const std::lock_guard lock(mutex_);
      return pending_.size() >= count;
    });
  }

  static std::string request(std::string_view target, std::string_view method = "GET") {
    return std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  Counters counters_;
  std::atomic<int> failures_{0};
  std::mutex mutex_;
  std::vector<std::shared_ptr<PendingAnswer>> pending_;  ///< protected by mutex_ while the server runs
  std::unique_ptr<Server> server_;
};

TEST_F(LaterAnswersTest, manyWaitWithoutAThreadAndEachGetsItsOwnAnswer) {
  constexpr std::size_t kMany = 200;
  ServerOptions options;
  options.max_workers = 2;
  serve([this](const Request& request) { return keepOrAnswer(request); }, options);
  std::vector<Client> clients;
  for (std::size_t i = 0; i < kMany; ++i) {
    clients.emplace_back(server_->port());
    ASSERT_TRUE(clients.back().send(request("/later")));
    ASSERT_TRUE(waitForPending(i + 1));
  }
  EXPECT_EQ(get(server_->port(), "/").body, "at once") << "two workers are free while two hundred wait";
  std::thread giver([&] {
    for (std::size_t i = 0; i < kMany; ++i) pending_[i]->give(Response::text("answer " + std::to_string(i)));
  });
  for (std::size_t i = 0; i < kMany; ++i) {
    const auto answer = clients[i].answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "answer " + std::to_string(i));
  }
  giver.join();
  ASSERT_TRUE(clients[0].send(request("/")));
  EXPECT_EQ(clients[0].answer()->body, "at once") << "the connection goes on";
}

TEST_F(LaterAnswersTest, theFirstAnswerCounts) {
  serve([this](const Request& request) { return keepOrAnswer(request); });
  Client client(server_->port());
  ASSERT_TRUE(client.send(request("/later")));
  ASSERT_TRUE(waitForPending(1));
  pending_[0]->give(Response::text("first", 201));
  pending_[0]->give(Response::text("second"));
  EXPECT_EQ(client.answer()->status, 201);
}

TEST_F(LaterAnswersTest, oneThatIsForgottenIs503) {
  serve([this](const Request& request) { return keepOrAnswer(request); });
  Client client(server_->port());
  ASSERT_TRUE(client.send(request("/later")));
  ASSERT_TRUE(waitForPending(1));
  pending_.clear();
  EXPECT_EQ(client.answer()->status, 503);
}

TEST_F(LaterAnswersTest, oneThatComesAfterTheServerIsThrownAway) {
  ServerOptions options;
  options.stop_time = std::chrono::milliseconds(50);
  serve([this](const Request& request) { return keepOrAnswer(request); }, options);
  Client client(server_->port());
  ASSERT_TRUE(client.send(request("/later")));
  ASSERT_TRUE(waitForPending(1));
  server_.reset();
  pending_[0]->give(Response::text("too late"));
  EXPECT_FALSE(client.answer());
}

TEST_F(LaterAnswersTest, aClientThatLeavesWhileItWaitsHarmsNobody) {
  serve([this](const Request& request) { return keepOrAnswer(request); });
  {
    Client client(server_->port());
    ASSERT_TRUE(client.send(request("/later")));
    ASSERT_TRUE(waitForPending(1));
  }
  pending_[0]->give(Response::text("to nobody"));
  EXPECT_TRUE(eventually([&] { return counters_.connections_open == 0U; }));
  EXPECT_EQ(get(server_->port(), "/").body, "at once");
}

TEST_F(LaterAnswersTest, whatBeginsAndThrowsIsAProblem) {
  serve([](const Request&) {
    return Response::later([](std::shared_ptr<PendingAnswer>) { throw Conflict("not now"); });
  });
  EXPECT_EQ(get(server_->port(), "/").status, 409);
}

class BodySourceTest : public LaterAnswersTest {
 protected:
  /// A body of this size, of which `most_` says how much was ever asked for at once.
  Handler made(std::uint64_t size) {
    return [this, size](const Request&) {
      Response response;
      BodySource source;
      source.size = size;
      source.read = [this](std::uint64_t offset, std::size_t most) {
        most_ = std::max(most_.load(), most);
        return bytesFrom(offset, std::min<std::size_t>(most, 100'000));
      };
      response.setBody(std::move(source), "application/octet-stream");
      return response;
    };
  }

  std::atomic<std::size_t> most_{0};
};

TEST_F(BodySourceTest, aLargeBodyComesWholeAndIsNeverInMemoryAsAWhole) {
  constexpr std::uint64_t kSize = 12'000'003;
  serve(made(kSize));
  Client client(server_->port());
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(client.send(request("/")));
    const auto answer = client.answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->headers.at("content-length"), std::to_string(kSize));
    EXPECT_TRUE(answer->body == bytesFrom(0, kSize)) << "every byte at its place";
  }
  EXPECT_LE(most_.load(), 1024U * 1024);
}

TEST_F(BodySourceTest, requestsThatComeDuringABodyAreAnsweredAfterIt) {
  serve(made(5'000'000));
  Client client(server_->port());
  ASSERT_TRUE(client.send(request("/") + request("/")));
  pauseShortly();
  ASSERT_TRUE(client.send(request("/")));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.answer()->body.size(), 5'000'000U);
}

TEST_F(BodySourceTest, aSlowReaderHoldsNoThread) {
  ServerOptions options;
  options.max_workers = 2;
  serve(made(50'000'000), options);
  std::vector<Client> slow;
  for (int i = 0; i < 8; ++i) {
    slow.emplace_back(server_->port(), 4096);
    ASSERT_TRUE(slow.back().send(request("/")));
    ASSERT_TRUE(slow.back().waitFor("HTTP/1.1 200"));
  }
  Client other(server_->port());
  ASSERT_TRUE(other.send(request("/", "HEAD")));
  EXPECT_EQ(other.answer(true)->status, 200);
}

TEST_F(BodySourceTest, headReadsNothing) {
  serve(made(1'000));
  Client client(server_->port());
  ASSERT_TRUE(client.send(request("/", "HEAD")));
  EXPECT_EQ(client.answer(true)->headers.at("content-length"), "1000");
  EXPECT_EQ(most_.load(), 0U);
}

TEST_F(BodySourceTest, anEmptyBodyIsOne) {
  serve(made(0));
  EXPECT_EQ(get(server_->port(), "/").headers.at("content-length"), "0");
}

TEST_F(BodySourceTest, aBodyThatCannotBeMadeWholeIsCutAndSeenToBe) {
  serve([](const Request&) {
    Response response;
    BodySource source;
    source.size = 3'000'000;
    source.read = [](std::uint64_t offset, std::size_t most) {
      if (offset > 1'000'000) throw Unavailable("the disk is gone");
      return bytesFrom(offset, most);
    };
    response.setBody(std::move(source), "application/octet-stream");
    return response;
  });
  Client client(server_->port());
  ASSERT_TRUE(client.send(request("/")));
  const std::string all = client.untilClosed();
  EXPECT_GT(all.size(), 1'000'000U);
  EXPECT_LT(all.size(), 3'000'000U);
  EXPECT_EQ(failures_, 1) << "and the log says why";
}

}  // namespace
}  // namespace testarena::http::test
