// SPDX-License-Identifier: Apache-2.0
// Real plugins through the real loader.
#include "plugin_host.h"

#include <algorithm>
#include <future>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "breadcrumb.h"
#include "fixtures.h"
#include "folders.h"
#include "refused.h"
#include "settings.h"
#include "temporary_folder.h"

namespace testarena::plugin_host {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class FakeCredentials final : public CredentialStore {
 public:
  StoredCredential get(const std::string& username, Call&) override { return {true, "hash of " + username, true}; }
  void put(const std::string&, const std::string&, Call&) override {}
};

class PluginHostTest : public testing::Test {
 protected:
  PluginHostTest() {
    configureLog({LogFormat::text, LogSeverity::info, [this](std::string_view line) {
                    const std::lock_guard lock(mutex_);
                    lines_.emplace_back(line);
                  }});
  }
  ~PluginHostTest() override { configureLog({}); }

  /// A use as `[executor]` in a file with this text would be.
  PluginUse use(const std::string& toml) {
    PluginUse use;
    use.name = "executor lab-1";
    use.path = "executor";
    use.table = parseToml(toml, "t.toml");
    use.inherit = hostInheritance("/data");
    return use;
  }
  PluginUse probe(const std::string& more = {}) {
    return use("plugin = \"probe_executor\"\nurl = \"http://farm\"\n" + more);
  }

  template <class Interface = Executor>
  std::string refusal(const PluginUse& use) {
    try {
      host_.make<Interface>(use);
      return {};
    } catch (const Error& error) {
      return error.what();
    }
  }

  std::string submit(Executor& executor, const std::string& job) {
    Call call(30s, "trace-1");
    return executor.submit({job, {}, {}, {}, {}, {}}, call).handle;
  }

  PluginEntry entry(const std::string& name) {
    for (const PluginEntry& entry : host_.list()) {
      if (entry.name == name) return entry;
    }
    return {};
  }

  std::string logged() {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const std::string& line : lines_) all += line + "\n";
    return all;
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
  const SystemClock clock_;
  PluginHost host_{{test::fixtureFolder()}, clock_};
};

TEST_F(PluginHostTest, aPluginGetsItsCheckedConfiguration) {
  const auto executor = host_.make<Executor>(probe("slots = 9\n"));
  EXPECT_EQ(submit(*executor, "settings"), "http://farm 9 20000   /data");
  EXPECT_THAT(logged(), HasSubstr("plugins: executor lab-1: probe_executor 0.9.0 from "));
}

TEST_F(PluginHostTest, everyOperationIsAsked) {
  const auto executor = host_.make<Executor>(probe());
  Call call(30s);
  LogRequest request;
  request.limit = 100'000;
  EXPECT_EQ(executor->read_log(request, call).data.size(), 100'000U);
  EXPECT_TRUE(executor->status({}, call).jobs.empty());
  EXPECT_EQ(executor->health({}, call).state, HealthState::unknown);
}

TEST_F(PluginHostTest, aPluginInCServesTheSameInterface) {
  const auto executor = host_.make<Executor>(use("plugin = \"table\"\n"));
  EXPECT_EQ(submit(*executor, "x"), "");
}

TEST_F(PluginHostTest, oneLibraryServesManyInstances) {
  PluginUse second = probe("slots = 2\n");
  second.name = "executor lab-2";
  const auto a = host_.make<Executor>(probe("slots = 1\n"));
  const auto b = host_.make<Executor>(second);
  EXPECT_EQ(submit(*a, "settings"), "http://farm 1 20000   /data");
  EXPECT_EQ(submit(*b, "settings"), "http://farm 2 20000   /data");
  EXPECT_THAT(entry("probe_executor").message, AllOf(HasSubstr("executor lab-1"), HasSubstr("executor lab-2")));
}

TEST_F(PluginHostTest, aNameIsLookedUpAndAPathIsTakenFromTheConfigurationsFolder) {
  const test::TemporaryFolder folder;
  folder.write("mine.so", test::contentOf(test::fixture("probe_executor")), 0755);
  PluginUse relative = probe();
  relative.table = parseToml("plugin = \"./mine.so\"\nurl = \"http://farm\"\n", (folder.path() / "t.toml").string());
  EXPECT_EQ(refusal(relative), "");
  EXPECT_THAT(
      refusal(use("plugin = \"prob_executor\"\n")),
      AllOf(HasSubstr("plugin 'prob_executor': there is no prob_executor.so in " + test::fixtureFolder().string()),
            HasSubstr("did you mean 'probe_executor'?"), HasSubstr("[plugins] path"), Not(HasSubstr("\n"))));
  EXPECT_EQ(refusal(use("url = \"x\"\n")),
            "t.toml:1:1: executor.plugin: must name a plugin, such as \"dummy_executor\" or "
            "\"/path/to/farm_executor.so\"");
}

TEST_F(PluginHostTest, whatItDoesNotOfferIsRefused) {
  EXPECT_THAT(refusal<Discoverer>(probe()),
              HasSubstr("it offers executor/1, but 'executor' needs discoverer/1: name another plugin there"));
}

TEST_F(PluginHostTest, aWrongConfigurationNeverReachesThePlugin) {
  EXPECT_EQ(refusal(use("plugin = \"probe_executor\"\nurl = \"farm\"\nsolts = 1\nfail = \"int\"\n")),
            "t.toml:2:1: executor.url: must be a URI such as \"http://host:8080/path\" (got \"farm\")\n"
            "t.toml:3:1: executor.solts: unknown key — did you mean 'slots'?  known keys: url, token, token_file, "
            "slots, timeout, fail, "
            "environment, repository, data, colour, plugin, isolation");
}

TEST_F(PluginHostTest, aDeprecatedKeyIsAWarningInTheLog) {
  EXPECT_EQ(refusal(probe("colour = \"red\"\n")), "");
  EXPECT_THAT(logged(),
              HasSubstr("warning plugins: t.toml:3:1: warning: executor.colour: is deprecated: it does nothing"));
}

TEST_F(PluginHostTest, aConstructorThatThrowsIsShownWhereItsCauseStands) {
  EXPECT_EQ(refusal(probe("fail = \"invalid\"\n")), "t.toml:2:1: executor.url: the farm does not speak ftp");
  EXPECT_EQ(refusal(probe("fail = \"default\"\n")), "t.toml:1:1: executor.slots: too few");
  EXPECT_THROW(host_.make<Executor>(probe("fail = \"unavailable\"\n")), Unavailable);
  EXPECT_THAT(
      refusal(probe("fail = \"unavailable\"\n")),
      AllOf(HasSubstr("executor lab-1: the plugin "), HasSubstr(" could not start: the farm cannot be reached")));
  EXPECT_THAT(refusal(probe("fail = \"int\"\n")), HasSubstr("could not start: an exception of unknown type"));
  EXPECT_THAT(refusal(probe("fail = \"exception\"\n")), HasSubstr("could not start: no luck"));
  EXPECT_EQ(entry("probe_executor").state, "refused");
  EXPECT_THAT(entry("probe_executor").message, HasSubstr("no luck"));
}

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

TEST_F(PluginHostTest, theListShowsEveryFileWithItsStateOrReason) {
  const auto executor = host_.make<Executor>(probe());
  refusal(use("plugin = \"ghost_town\"\n"));
  EXPECT_EQ(entry("table").state, "available");
  EXPECT_THAT(entry("table").interfaces, testing::ElementsAre("executor/1"));
  EXPECT_EQ(entry("newer_abi").state, "refused");
  EXPECT_THAT(entry("newer_abi").message, HasSubstr("version 7 of the plugin ABI"));
  EXPECT_EQ(entry("ghost_town").state, "refused");
  EXPECT_EQ(entry("ghost_town").file, "");
  EXPECT_THAT(entry("ghost_town").message, HasSubstr("there is no ghost_town.so"));
}

TEST_F(PluginHostTest, anInstanceThatEndedIsNotShownAsRunning) {
  host_.make<Executor>(probe()).reset();
  EXPECT_EQ(entry("probe_executor").state, "available");
  EXPECT_EQ(host_.health("executor lab-1").state, "");
  const auto executor = host_.make<Executor>(probe());
  EXPECT_EQ(entry("probe_executor").state, "running");
  EXPECT_EQ(entry("probe_executor").message, "executor lab-1");
  EXPECT_EQ(entry("probe_executor").version, "0.9.0");
  EXPECT_EQ(host_.health("executor lab-1").state, "running");
}

TEST_F(PluginHostTest, checkingSaysWhatMakingWouldAndRunsNothing) {
  Problems problems;
  host_.check<Executor>(use("plugin = \"probe_executor\"\nurl = \"x\"\nisolation = \"process\"\n"), problems);
  host_.check<Executor>(use("plugin = \"newer_abi\"\n"), problems);
  host_.check<Discoverer>(use("plugin = \"table\"\n"), problems);
  host_.check<Executor>(use("plugin = \"throwing_static\"\n"), problems);  // it would throw if it were loaded
  ASSERT_EQ(problems.all().size(), 4U) << problems.errorText();
  EXPECT_THAT(problems.all()[0].line(), HasSubstr("t.toml:2:1: executor.url: must be a URI"));
  EXPECT_THAT(problems.all()[1].line(), HasSubstr("t.toml:3:1: executor.isolation: \"process\" is not available yet"));
  EXPECT_THAT(problems.all()[2].line(),
              AllOf(HasSubstr("t.toml:1:1: executor.plugin: "), HasSubstr("version 7 of the plugin ABI")));
  EXPECT_THAT(problems.all()[3].line(), HasSubstr("it offers executor/1, but 'executor' needs discoverer/1"));
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

TEST_F(PluginHostTest, describingAPluginShowsItsKeys) {
  const std::string text = describePlugin(test::fixture("probe_executor"));
  EXPECT_THAT(text, AllOf(HasSubstr("probe_executor 0.9.0"), HasSubstr("plugin ABI  1"), HasSubstr("executor/1"),
                          HasSubstr("calls at once: 2"), HasSubstr("uri, required: any"), HasSubstr("string, secret"),
                          HasSubstr("duration, default \"20s\"")));
  EXPECT_THROW(describePlugin("/bin/true"), Refused);
}

TEST(PluginFolders, areTheConfiguredOnesThenThoseBesideTheProgram) {
  const auto folders = pluginFolders({"/opt/plugins"});
  ASSERT_EQ(folders.size(), 3U);
  EXPECT_EQ(folders[0], "/opt/plugins");
  EXPECT_EQ(folders[1].filename(), "plugins");
  EXPECT_EQ(folders[2].lexically_relative(folders[1].parent_path()), "lib/testarena/plugins");
}

}  // namespace
}  // namespace testarena::plugin_host
