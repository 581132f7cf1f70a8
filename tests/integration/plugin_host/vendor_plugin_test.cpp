// SPDX-License-Identifier: Apache-2.0
// The SDK's example, built by sdk_vendor_build outside of this tree from an installed SDK, serves a job here: what a
// vendor builds is what this host loads.
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/executor.h>

#include "image.h"
#include "plugin_host.h"
#include "settings.h"

namespace testarena::plugin_host {
namespace {

const std::filesystem::path kFile = TESTARENA_VENDOR_PLUGIN;

PluginUse use(const std::string& keys) {
  PluginUse use;
  use.name = "executor farm";
  use.path = "environment[0].executor";
  use.table = parseToml("plugin = \"" + kFile.string() + "\"\n" + keys, "testarena.toml");
  return use;
}

TEST(VendorPlugin, runsAJob) {
  const SystemClock clock;
  PluginHost host({}, clock);
  const auto executor = host.make<Executor>(use("url = \"http://farm:8080\"\nslots = 40\n"));
  Call call(std::chrono::seconds(30));
  Submission job;
  job.job = "17";
  job.runs = {{"boot", "checks/boot.sh", 1, ""}, {"halt", "checks/halt.sh", 1, ""}};
  const std::string handle = executor->submit(job, call).handle;
  EXPECT_EQ(handle, "farm-17");
  EXPECT_EQ(executor->submit(job, call).handle, handle) << "the same content again";
  job.runs.pop_back();
  EXPECT_THROW(executor->submit(job, call), Conflict);

  const StatusAnswer answer = executor->status({{{"17", handle}, {"18", ""}}}, call);
  ASSERT_EQ(answer.jobs.size(), 2U);
  EXPECT_EQ(answer.jobs[0].state, State::passed);
  ASSERT_EQ(answer.jobs[0].runs.size(), 2U);
  EXPECT_EQ(answer.jobs[0].runs[1].scenario, "halt");
  EXPECT_EQ(answer.jobs[1].state, State::unknown);
  EXPECT_EQ(executor->health({}, call).slots, 40);
  EXPECT_THROW(executor->list({}, call), Unsupported);
  executor->remove({"17", handle}, call);
  EXPECT_EQ(executor->status({{{"17", handle}}}, call).jobs[0].state, State::unknown);

  ASSERT_EQ(host.list().size(), 1U);
  EXPECT_EQ(host.list()[0].name, "farm_executor");
  EXPECT_EQ(host.list()[0].state, "running");
}

TEST(VendorPlugin, itsSchemaIsWhatTheAdministratorMeets) {
  const SystemClock clock;
  PluginHost host({}, clock);
  Problems problems;
  host.check<Executor>(use("url = \"farm\"\nsolts = 40\n"), problems);
  EXPECT_EQ(problems.errorText(),
            "testarena.toml:2:1: environment[0].executor.url: must be a URI such as \"http://host:8080/path\" (got "
            "\"farm\")\n"
            "testarena.toml:3:1: environment[0].executor.solts: unknown key — did you mean 'slots'?  known keys: url, "
            "slots, plugin, "
            "isolation");
}

TEST(VendorPlugin, canBeInspectedWithoutLoading) {
  const Image image = inspectImage(kFile);
  EXPECT_EQ(image.abi_version, TA_ABI_VERSION);
  ASSERT_TRUE(image.manifest);
  EXPECT_THAT(describePlugin(kFile), testing::HasSubstr("Where the farm listens"));
}

}  // namespace
}  // namespace testarena::plugin_host
