// SPDX-License-Identifier: Apache-2.0
#include "run_plan.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "scenario_list.h"

namespace testarena::manifest {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const JobWords kWords = {"17", "c0ffee"};

Manifest manifestOf(const std::string& text) {
  const Reading reading = readManifest(text);
  EXPECT_THAT(reading.diagnostics, IsEmpty());
  return reading.manifest;
}

RunRequest run(const std::string& scenario, const std::string& path = "", const std::string& expandedFrom = "") {
  return {scenario, path, 1, expandedFrom};
}

TEST(RunPlan, fillsInTheFourWordsAndNothingElse) {
  const Manifest manifest = manifestOf(
      "[[scenarios]]\nglob = \"**/*.sh\"\ntimeout_s = 60\n"
      "command = [\"sh\", \"{path}\", \"{name}-{name}\", \"{commit}/{job}\", \"${x} {y} {} {{path}} {path\", \"awk "
      "'{print}'\"]\n");
  const RunPlan plan = planRun(manifest, run("a/b", "a/b.sh"), kWords, "");
  EXPECT_THAT(plan.argv,
              ElementsAre("sh", "a/b.sh", "a/b-a/b", "c0ffee/17", "${x} {y} {} {a/b.sh} {path", "awk '{print}'"));
  EXPECT_EQ(plan.timeout_s, 60);
  EXPECT_FALSE(plan.expands);
}

TEST(RunPlan, whatWasPutInIsNotLookedAtAgain) {
  const Manifest manifest = manifestOf("[[scenarios]]\nglob = \"*\"\ncommand = [\"x\", \"{path}\"]\n");
  EXPECT_THAT(planRun(manifest, run("{job}", "{job}.sh"), kWords, "").argv, ElementsAre("x", "{job}.sh"));
}

TEST(RunPlan, aPathIsNoOption) {
  const Manifest manifest = manifestOf("[[scenarios]]\nglob = \"*\"\ncommand = [\"sh\", \"{path}\"]\n");
  EXPECT_THAT(planRun(manifest, run("-c", "-c.sh"), kWords, "").argv, ElementsAre("sh", "./-c.sh"));
}

TEST(RunPlan, findsTheTableThatListedTheScenario) {
  const Manifest manifest = manifestOf(
      "[[scenarios]]\nname = \"lint\"\ncommand = [\"named\"]\n[[scenarios]]\nglob = \"slow/*\"\ncommand = [\"slow\"]\n"
      "[[scenarios]]\nglob = \"**/*\"\ncommand = [\"all\"]\n");
  EXPECT_THAT(planRun(manifest, run("lint"), kWords, "").argv, ElementsAre("named"));
  EXPECT_THAT(planRun(manifest, run("slow/a", "slow/a.sh"), kWords, "").argv, ElementsAre("slow"));
  EXPECT_THAT(planRun(manifest, run("lint", "lint.sh"), kWords, "").argv, ElementsAre("all"));
  const Scan scan =
      listScenarios({".testarena.toml", manifest, {1, 4, 7}, false, {}}, {{"a.b.c", "1"}, {"slow/x", "2"}});
  for (const Scenario& scenario : scan.scenarios) {
    EXPECT_NO_THROW(planRun(manifest, run(scenario.name, scenario.path), kWords, "")) << scenario.name;
  }
}

TEST(RunPlan, whatIsNotListedHasNoPlan) {
  const Manifest manifest = manifestOf(
      "[[scenarios]]\nname = \"lint\"\ncommand = [\"x\"]\n[[scenarios]]\nglob = \"*.sh\"\ncommand = [\"x\"]\n");
  for (const RunRequest& request :
       {run("other"), run("a", "b.sh"), run("a", "x/a.sh"), run(""), run("test", "", "ctest"), run("", "", "")}) {
    EXPECT_THROW(planRun(manifest, request, kWords, ""), NotFound) << request.scenario;
  }
}

TEST(RunPlan, aListerIsAskedAndItsTestsAreRunOneByOne) {
  const Manifest manifest = manifestOf("[[scenarios]]\nlister = \"ctest\"\nbuild_dir = \"out\"\ntimeout_s = 9\n");
  const RunPlan all = planRun(manifest, run("ctest"), kWords, "");
  EXPECT_TRUE(all.expands);
  EXPECT_EQ(all.build_dir, "out");
  EXPECT_THAT(all.argv, IsEmpty());
  const RunPlan one = planRun(manifest, run("boot {job}", "", "ctest"), kWords, "/tmp/junit.xml");
  EXPECT_FALSE(one.expands);
  EXPECT_EQ(one.timeout_s, 9);
  EXPECT_THAT(one.argv, Contains("^boot {job}$"));
  EXPECT_THAT(one.argv, Contains("/tmp/junit.xml"));
}

TEST(RunPlan, setupKnowsJobAndCommit) {
  const Manifest manifest =
      manifestOf("[setup]\ncommand = [\"make\", \"COMMIT={commit}\", \"{job}\", \"{path} {name}\"]\n");
  EXPECT_THAT(planSetup(manifest, kWords), ElementsAre("make", "COMMIT=c0ffee", "17", "{path} {name}"));
  EXPECT_THAT(planSetup(Manifest(), kWords), IsEmpty());
}

}  // namespace
}  // namespace testarena::manifest
