// SPDX-License-Identifier: Apache-2.0
// What passes between the host and a real plugin: services, errors, broken rules, hangs and crashes.
#include <future>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "breadcrumb.h"
#include "plugin_host_fixture.h"

namespace testarena::plugin_host {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using testing::AllOf;
using testing::HasSubstr;

class FakeCredentials final : public CredentialStore {
 public:
  StoredCredential get(const std::string& username, Call&) override { return {true, "hash of " + username, true}; }
  void put(const std::string&, const std::string&, Call&) override {}
};

TEST_F(PluginHostTest, rulesOfTheBoundaryThatAPluginBreaks) {
  const auto executor = host_.make<Executor>(use("plugin = \"misbehaving\"\n"));
  const auto what = [&](auto&& operation) -> std::string {
    Call call(30s);
    try {
      operation(call);
      return "taken";
    } catch (const Error& error) {
      return std::string(enumName(error.code())) + ": " + error.what();
    }
  };
  EXPECT_EQ(what([&](Call& call) { executor->capabilities({}, call); }), "internal: answered 2 times");
  EXPECT_EQ(what([&](Call& call) { executor->submit({}, call); }), "conflict: and yet not");
  EXPECT_EQ(what([&](Call& call) { executor->status({}, call); }), "internal: returned without an answer");
  EXPECT_EQ(what([&](Call& call) { executor->read_log({}, call); }), "internal: failed without saying why (code 4711)");
  EXPECT_THAT(what([&](Call& call) { executor->abort({}, call); }),
              HasSubstr("internal: an exception came over the boundary"));
  EXPECT_THAT(what([&](Call& call) { executor->remove({}, call); }), HasSubstr("internal: the answer cannot be read"));
  EXPECT_THAT(what([&](Call& call) { executor->health({}, call); }), HasSubstr("internal: again and again; "));
  EXPECT_THAT(what([&](Call& call) { executor->list({}, call); }), HasSubstr("unsupported"));
  EXPECT_THAT(logged(), AllOf(HasSubstr("error   executor lab-1: capabilities: internal error: answered 2 times"),
                              HasSubstr("error   executor lab-1: abort: internal error: ")));
}

TEST_F(PluginHostTest, rulesOfCreateThatAPluginBreaks) {
  EXPECT_THAT(refusal<Discoverer>(use("plugin = \"misbehaving\"\n")), HasSubstr("an exception came over the boundary"));
  EXPECT_THAT(refusal<Authenticator>(use("plugin = \"misbehaving\"\n")),
              HasSubstr("create said it went well and gave no instance"));
  EXPECT_THAT(refusal<Storage>(use("plugin = \"misbehaving\"\n")), HasSubstr("could not start: first; second"));
}

TEST_F(PluginHostTest, aDestroyThatThrowsEndsNothingElse) {
  host_.make<Executor>(use("plugin = \"misbehaving\"\n")).reset();
  EXPECT_THAT(logged(), HasSubstr("destroy threw an exception"));
}

TEST_F(PluginHostTest, exceptionsOfThePluginAreErrorsHere) {
  const auto executor = host_.make<Executor>(probe());
  EXPECT_THROW(submit(*executor, "conflict"), Conflict);
  EXPECT_THROW(submit(*executor, "int"), Internal);
  EXPECT_THROW(submit(*executor, "exception"), Internal);
  EXPECT_EQ(submit(*executor, "fine"), "fine");
}

TEST_F(PluginHostTest, theHostsServicesWorkFromInside) {
  const auto executor = host_.make<Executor>(probe("token = \"canary-token\"\n"));
  EXPECT_EQ(submit(*executor, "trace"), "trace-1");
  EXPECT_EQ(submit(*executor, "secret"), "canary-token");
  EXPECT_THROW(submit(*executor, "not-a-secret"), NotFound);
  submit(*executor, "log");
  EXPECT_THAT(logged(), HasSubstr("warning executor lab-1: a line\\nwith a break trace=trace-1\n"));
  submit(*executor, "metrics");
  std::string metrics;
  host_.appendMetrics(metrics);
  EXPECT_THAT(
      metrics,
      AllOf(HasSubstr("testarena_plugin_jobs_seen_total{instance=\"executor lab-1\",interface=\"executor/1\"} 2\n"),
            HasSubstr("testarena_plugin_queue{instance=\"executor lab-1\",interface=\"executor/1\"} 7.5\n")));
  EXPECT_THROW(submit(*executor, "credential"), Unsupported);
}

TEST_F(PluginHostTest, credentialsAreThoseTheHostGives) {
  FakeCredentials credentials;
  PluginUse use = probe();
  use.credentials = &credentials;
  const auto executor = host_.make<Executor>(use);
  EXPECT_EQ(submit(*executor, "credential"), "hash of anna");
}

TEST_F(PluginHostTest, secretsAreNeitherLoggedNorListed) {
  const std::string canary = "canary-4b1d";
  setLogLevel(LogSeverity::debug);
  const auto executor = host_.make<Executor>(probe("token = \"" + canary + "\"\n"));
  submit(*executor, "log");
  refusal(probe("token = [\"" + canary + "\"]\n"));
  refusal(probe("token = \"" + canary + "\"\nfail = \"invalid\"\n"));
  std::string all = logged();
  for (const PluginEntry& entry : host_.list()) all += entry.message + entry.state;
  host_.appendMetrics(all);
  EXPECT_EQ(all.find(canary), std::string::npos);
  EXPECT_EQ(host_.masked("executor lab-1").find("token")->text(), "***");
  EXPECT_TRUE(host_.masked("nobody").isNull());
}

TEST_F(PluginHostTest, aWellBehavedPluginStopsAtTheDeadline) {
  const auto executor = host_.make<Executor>(probe());
  Call call(50ms);
  EXPECT_THROW(executor->wait_changes({"", 600s}, call), DeadlineExceeded);
}

TEST_F(PluginHostTest, aStuckPluginCostsItsOwnCallsOnly) {
  const auto executor = host_.make<Executor>(probe());
  PluginUse other = probe();
  other.name = "executor lab-2";
  const auto healthy = host_.make<Executor>(other);
  // Both slots are lost for 3 s: the plugin ignores its deadline of 1 ms.
  std::vector<std::future<void>> lost;
  for (int i = 0; i < 2; ++i) {
    lost.push_back(std::async(std::launch::async, [&executor] {
      Call call(1ms);
      try {
        executor->list({"", 3000}, call);
      } catch (const Error&) {
        ADD_FAILURE() << "the call was let in and came back";
      }
    }));
  }
  while (host_.health("executor lab-1").state != "stuck") std::this_thread::sleep_for(5ms);
  EXPECT_THAT(host_.health("executor lab-1").message,
              AllOf(HasSubstr("2 calls are overdue; 'list' since "), HasSubstr("refused until")));
  EXPECT_EQ(entry("probe_executor").state, "stuck");
  Call patient(600s);
  EXPECT_THROW(executor->health({}, patient), Unavailable);
  EXPECT_NO_THROW(healthy->health({}, patient));
  for (auto& call : lost) call.get();
  EXPECT_EQ(host_.health("executor lab-1").state, "running");
  EXPECT_NO_THROW(executor->health({}, patient));
  EXPECT_THAT(logged(), HasSubstr("warning executor lab-1: list: came back "));
}

TEST_F(PluginHostTest, aCrashIsAttributed) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe[1], STDERR_FILENO);
    configureLog({LogFormat::text, LogSeverity::error, {}});
    reportCrashes();
    const auto executor = host_.make<Executor>(probe());
    submit(*executor, "crash");
    ::_exit(0);
  }
  ::close(pipe[1]);
  std::string text;
  char part[256];
  for (ssize_t got = ::read(pipe[0], part, sizeof part); got > 0; got = ::read(pipe[0], part, sizeof part)) {
    text.append(part, static_cast<std::size_t>(got));
  }
  ::close(pipe[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_THAT(text, HasSubstr("crash by signal 11 in plugin executor lab-1, operation submit\n"));
}

}  // namespace
}  // namespace testarena::plugin_host
