// SPDX-License-Identifier: Apache-2.0
// Tokens, and who is let in without one.
#include <signal.h>

#include <gmock/gmock.h>

#include "running_runner.h"

namespace testarena::integration {
namespace {

using testing::HasSubstr;

struct Token {
  std::string token;
  std::string table;
};

Token newToken(const std::string& name) {
  const auto outcome = runProgram({TESTARENA_RUNNER, "token", name});
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  const auto begin = outcome.output.find("tar_");
  return {outcome.output.substr(begin, outcome.output.find('\n', begin) - begin),
          outcome.output.substr(outcome.output.find("[[token]]"))};
}

Headers bearing(const std::string& token) {
  return {{"Authorization", "Bearer " + token}};
}

const char* const kClientRoutes[][2] = {
    {"POST", "/api/queue"},      {"GET", "/api/queues"},       {"GET", "/api/status/1"},  {"POST", "/api/abort/1"},
    {"DELETE", "/api/delete/1"}, {"GET", "/api/capabilities"}, {"POST", "/api/statuses"}, {"GET", "/api/log/1"},
    {"GET", "/api/artifacts/1"}, {"GET", "/api/artifact/1"},   {"GET", "/api/changes"},   {"GET", "/api/jobs"},
    {"GET", "/api/health"},
};

TEST(Access, everyRouteOfClientsNeedsAToken) {
  const Token token = newToken("host");
  RunningRunner::Options options;
  options.runner = "";
  options.more = token.table;
  RunningRunner runner(options);
  const HttpClient http(runner.address());
  for (const auto& [method, path] : kClientRoutes) {
    const auto refused = http.send(method, path);
    EXPECT_EQ(refused.status, 401) << path;
    EXPECT_THAT(refused.header("www-authenticate"), HasSubstr("Bearer")) << path;
    EXPECT_FALSE(refused.json().find("detail")->text().empty()) << path;
    EXPECT_EQ(http.send(method, path, bearing(token.token + "x")).status, 401) << path;
    EXPECT_NE(http.send(method, std::string(path) + "?timeout_ms=0", bearing(token.token)).status, 401) << path;
  }
  EXPECT_EQ(runner.get("/livez").status, 200);
  EXPECT_EQ(runner.get("/readyz").status, 200);
  EXPECT_THAT(runner.get("/metrics").body, HasSubstr("testarena_runner_slots"));
  EXPECT_EQ(runner.logText().find(token.token), std::string::npos) << "no token in the log";
}

TEST(Access, tokensAreTakenAwayAndGivenWithoutARestart) {
  const Token first = newToken("first");
  const Token second = newToken("second");
  RunningRunner::Options options;
  options.runner = "";
  options.more = first.table;
  RunningRunner runner(options);
  EXPECT_EQ(runner.get("/api/queues", bearing(first.token)).status, 200);
  EXPECT_EQ(runner.get("/api/queues", bearing(second.token)).status, 401);
  options.more = second.table;
  runner.writeConfig(options);
  runner.signal(SIGHUP);
  waitUntil("the second is taken", [&] { return runner.get("/api/queues", bearing(second.token)).status == 200; });
  EXPECT_EQ(runner.get("/api/queues", bearing(first.token)).status, 401);

  options.more = "[[token]]\nname = \"broken\"\nhash = \"secret\"\n";
  runner.writeConfig(options);
  runner.signal(SIGHUP);
  waitUntil("the mistake is told", [&] { return runner.logText().find("not taken over") != std::string::npos; });
  EXPECT_EQ(runner.get("/api/queues", bearing(second.token)).status, 200) << "a broken configuration changes nothing";
}

TEST(Access, anonymousIsForProgramsOfNamedAddressesOnly) {
  RunningRunner::Options options;
  options.server = "hosts = [\"runner.example\"]\n";
  options.runner = "anonymous = true\n";
  RunningRunner runner(options);
  EXPECT_EQ(runner.get("/api/queues").status, 200);
  EXPECT_EQ(runner.get("/api/queues", {{"Host", "runner.example"}}).status, 200);
  EXPECT_EQ(runner.get("/api/queues", {{"Host", "localhost"}}).status, 200);
  EXPECT_NE(runner.get("/api/queues", {{"Host", "evil.example"}}).status, 200);
  EXPECT_EQ(runner.get("/api/queues", {{"Origin", "http://evil.example"}}).status, 401);
  EXPECT_EQ(runner.get("/api/queues", {{"Origin", "http://" + runner.address()}}).status, 401);
  EXPECT_EQ(runner.get("/api/queues", {{"Sec-Fetch-Site", "cross-site"}}).status, 401);
  EXPECT_EQ(runner.get("/api/queues", {{"X-Forwarded-For", "192.0.2.1"}}).status, 401);
  EXPECT_EQ(runner.post("/api/abort/1", "", {{"Origin", "http://evil.example"}}).status, 401);
}

TEST(Access, withoutConfiguredNamesAnonymousStillNeedsAnAddress) {
  RunningRunner runner;
  EXPECT_EQ(runner.get("/api/queues", {{"Host", "evil.example"}}).status, 401);
  EXPECT_EQ(runner.get("/api/queues").status, 200);
}

TEST(Access, anonymousFromElsewhereIsRefused) {
  RunningRunner::Options options;
  options.runner = "anonymous = true\nanonymous_from = [\"192.0.2.0/24\"]\n";
  RunningRunner runner(options);
  const auto refused = runner.get("/api/queues");
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, HasSubstr("anonymous_from"));
}

}  // namespace
}  // namespace testarena::integration
