// SPDX-License-Identifier: Apache-2.0
// The corpus through real sockets: gate, Poco, handler, answer, close.
#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client.h"
#include "request_corpus.h"
#include "server.h"

namespace testarena::http::test {
namespace {

using std::chrono::milliseconds;

class ServerCorpus : public testing::TestWithParam<RawCase> {
 protected:
  static void SetUpTestSuite() {
    ServerOptions options;
    options.hosts = {"arena.example"};
    ServerCallbacks callbacks;
    callbacks.handler = [](const Request& request) {
      std::lock_guard lock(mutex_);
      targets_.emplace_back(request.target());
      // No body, so that answers can be told apart by their status lines alone.
      return Response::noContent();
    };
    server_ = std::make_unique<Server>(options, std::move(callbacks));
    server_->start();
  }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    std::lock_guard lock(mutex_);
    targets_.clear();
  }
  static std::vector<std::string> targets() {
    std::lock_guard lock(mutex_);
    return targets_;
  }
  static std::vector<int> statuses(const std::string& received) {
    std::vector<int> found;
    // Every answer here has no body, or one that ends with a line end.
    for (std::size_t at = 0; at != std::string::npos; at = received.find("\nHTTP/1.1 ", at + 1)) {
      std::string status = received.substr(std::min(received.find(' ', at), received.size()), 4);
      found.push_back(std::atoi(status.c_str()));
    }
    return found;
  }

  static inline std::mutex mutex_;
  static inline std::vector<std::string> targets_;
  static inline std::unique_ptr<Server> server_;
};

TEST_P(ServerCorpus, getsTheAnswersItShouldAndNoSecondRequestIsSeen) {
  const RawCase& c = GetParam();
  SCOPED_TRACE(c.name);
  Client client(server_->port());
  client.send(c.bytes);
  if (c.refusals.empty()) {
    for (int i = 0; i < c.accepted; ++i) {
      auto answer = client.answer();
      ASSERT_TRUE(answer) << "answer " << i;
      EXPECT_EQ(answer->status, 204);
    }
    EXPECT_EQ(targets().size(), static_cast<std::size_t>(c.accepted));
    return;
  }
  EXPECT_TRUE(client.closed(milliseconds(5000))) << "a refusal ends the connection within 5 s";
  std::vector<int> all = statuses(client.received());
  ASSERT_EQ(all.size(), static_cast<std::size_t>(c.accepted) + 1) << client.received();
  EXPECT_THAT(c.refusals, testing::Contains(all.back()));
  EXPECT_THAT(kRefusalStatuses, testing::Contains(all.back()));
  EXPECT_NE(client.received().find("application/problem+json"), std::string::npos);
  EXPECT_EQ(client.received().find("\r\nServer:"), std::string::npos);
  EXPECT_EQ(client.received().find("<script>"), std::string::npos);
  EXPECT_EQ(targets().size(), static_cast<std::size_t>(c.accepted));
  EXPECT_THAT(targets(), testing::Not(testing::Contains(testing::HasSubstr("SMUGGLED"))));
}

std::string caseName(const testing::TestParamInfo<RawCase>& info) {
  std::string name = std::to_string(info.index) + "_" + info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Raw, ServerCorpus, testing::ValuesIn(requestCorpus()), caseName);

}  // namespace
}  // namespace testarena::http::test
