// SPDX-License-Identifier: Apache-2.0
#include "scenario_list.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena::manifest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Scan list(const std::string& manifest, const std::vector<std::string>& paths) {
  std::vector<SourceFile> files;
  for (const std::string& path : paths) files.push_back({path, "object of " + path});
  return listScenarios(readManifest(manifest), files);
}

std::vector<std::string> names(const Scan& scan) {
  std::vector<std::string> names;
  for (const Scenario& scenario : scan.scenarios) names.push_back(scenario.name);
  return names;
}

std::string glob(const std::string& pattern, const std::string& more = "") {
  return "[[scenarios]]\nglob = \"" + pattern + "\"\ncommand = [\"sh\", \"{path}\"]\n" + more;
}

std::string named(const std::string& name) {
  return "[[scenarios]]\nname = \"" + name + "\"\ncommand = [\"true\"]\n";
}

TEST(ScenarioList, namesFilesByPathWithoutEnding) {
  const Scan scan = list(glob("**/*"), {"a.sh", "b/.hidden", "b/c.tar.gz", "d.d/e", "f"});
  EXPECT_THAT(names(scan), ElementsAre("a", "b/.hidden", "b/c.tar", "d.d/e", "f"));
  EXPECT_EQ(scan.scenarios[2].path, "b/c.tar.gz");
  EXPECT_THAT(scan.diagnostics, IsEmpty());
}

TEST(ScenarioList, keepsTheOrderOfTables) {
  const Scan scan = list(named("z") + glob("b/*.sh") + named("a") + glob("a/*.sh"), {"a/1.sh", "a/2.sh", "b/1.sh"});
  EXPECT_THAT(names(scan), ElementsAre("z", "b/1", "a", "a/1", "a/2"));
}

TEST(ScenarioList, theFirstTableThatMatchesAFileWins) {
  const Scan scan =
      list(glob("slow/*.sh", "timeout_s = 600\ntags = [\"slow\"]\n") + glob("**/*.sh"), {"a.sh", "slow/b.sh"});
  ASSERT_THAT(names(scan), ElementsAre("slow/b", "a"));
  EXPECT_EQ(scan.scenarios[0].timeout_s, 600);
  EXPECT_THAT(scan.scenarios[0].tags, ElementsAre("slow"));
  EXPECT_EQ(scan.scenarios[1].timeout_s, 0);
}

TEST(ScenarioList, aListerStandsForItsTests) {
  const Scan scan = list("[[scenarios]]\nlister = \"ctest\"\ndescription = \"Unit tests\"\n", {});
  ASSERT_THAT(names(scan), ElementsAre("ctest"));
  EXPECT_TRUE(scan.scenarios[0].expands);
  EXPECT_EQ(scan.scenarios[0].description, "Unit tests");
  EXPECT_EQ(scan.scenarios[0].path, "");
}

TEST(ScenarioList, tellsBothPlacesOfANameThatComesTwice) {
  const Scan scan = list(glob("*.*"), {"a.py", "a.sh", "b.sh"});
  EXPECT_THAT(names(scan), ElementsAre("a", "b"));
  ASSERT_THAT(scan.diagnostics, SizeIs(1));
  EXPECT_EQ(scan.diagnostics[0].path, "a.sh");
  EXPECT_THAT(scan.diagnostics[0].message, HasSubstr("two scenarios named 'a': the other is in a.py"));

  const Scan other = list(named("a") + glob("*.sh"), {"a.sh"});
  EXPECT_THAT(names(other), ElementsAre("a"));
  EXPECT_THAT(other.diagnostics[0].message, HasSubstr(".testarena.toml, line 1"));
}

TEST(ScenarioList, aBrokenFileSpoilsOnlyItself) {
  std::vector<SourceFile> files = {{"a.sh", "1"},
                                   {"b\n.sh", "2"},
                                   {"c\xff.sh", "3"},
                                   {"d.sh", "4", false},
                                   {std::string(300, 'e') + ".sh", "5"},
                                   {"f.txt", "6", false}};
  const Scan scan = listScenarios(readManifest(glob("*.sh")), files);
  EXPECT_THAT(names(scan), ElementsAre("a"));
  ASSERT_THAT(scan.diagnostics, SizeIs(4));
  EXPECT_THAT(scan.diagnostics[0].message, HasSubstr("control character"));
  EXPECT_EQ(scan.diagnostics[1].path, "c\xEF\xBF\xBD.sh");
  EXPECT_THAT(scan.diagnostics[2].message, HasSubstr("no regular file"));
  EXPECT_THAT(scan.diagnostics[3].message, HasSubstr("longer"));
}

TEST(ScenarioList, saysThatAPatternMatchesNothing) {
  const Scan scan = list("\n" + glob("*.sh"), {"a.py"});
  ASSERT_THAT(scan.diagnostics, SizeIs(1));
  EXPECT_EQ(scan.diagnostics[0].path, ".testarena.toml");
  EXPECT_EQ(scan.diagnostics[0].line, 2);
  EXPECT_THAT(scan.diagnostics[0].message, HasSubstr("'*.sh' matches no file"));
}

TEST(ScenarioList, mistakesOfTheManifestComeFirst) {
  const Scan scan = list("[setpu]\n" + glob("*.sh") + glob("*.py"), {"a.sh"});
  ASSERT_THAT(scan.diagnostics, SizeIs(2));
  EXPECT_THAT(scan.diagnostics[0].message, HasSubstr("setpu"));
  EXPECT_THAT(names(scan), ElementsAre("a"));
}

TEST(ScenarioList, theDigestFollowsWhatRuns) {
  const auto digest = [](const std::string& manifest, const std::string& object) {
    return listScenarios(readManifest(manifest), {{"a.sh", object}}).scenarios.at(0).digest;
  };
  const std::string first = digest(glob("*.sh"), "1");
  EXPECT_THAT(first, testing::MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(digest(glob("**/*.sh", "tags = [\"x\"]\ndescription = \"y\"\n"), "1"), first) << "the same runs";
  EXPECT_NE(digest(glob("*.sh"), "2"), first);
  EXPECT_NE(digest(glob("*.sh", "timeout_s = 5\n"), "1"), first);
  EXPECT_NE(digest("[[scenarios]]\nglob = \"*.sh\"\ncommand = [\"sh\", \"-e\", \"{path}\"]\n", "1"), first);
  EXPECT_EQ(list(named("a"), {}).scenarios[0].digest, "") << "what its command runs is not known";
}

TEST(ScenarioList, tenThousandAreListedInOrder) {
  std::vector<SourceFile> files;
  for (int i = 10000; i < 20000; ++i) files.push_back({"deep/er/" + std::to_string(i) + ".sh", "x"});
  std::string manifest;
  for (int i = 0; i < 20; ++i) manifest += glob("**/*" + std::to_string(i) + "/*.py");
  const Scan scan = listScenarios(readManifest(manifest + glob("deep/**/*.sh")), files);
  ASSERT_THAT(scan.scenarios, SizeIs(10000));
  EXPECT_EQ(scan.scenarios.front().name, "deep/er/10000");
  EXPECT_EQ(scan.scenarios.back().name, "deep/er/19999");
}

}  // namespace
}  // namespace testarena::manifest
