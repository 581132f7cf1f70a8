// SPDX-License-Identifier: Apache-2.0
// Making instances of real plugins through the real loader, and the list of them.
#include "plugin_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "plugin_host_fixture.h"
#include "refused.h"
#include "temporary_folder.h"

namespace testarena::plugin_host {
namespace {

using std::chrono_literals::operator""s;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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
