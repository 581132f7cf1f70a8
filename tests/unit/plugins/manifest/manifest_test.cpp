// SPDX-License-Identifier: Apache-2.0
#include "manifest.h"

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

/// "3:8 the text" for each diagnostic.
std::vector<std::string> mistakes(const Reading& reading) {
  std::vector<std::string> texts;
  for (const Diagnostic& diagnostic : reading.diagnostics) {
    texts.push_back(std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column) + " " +
                    diagnostic.message);
  }
  return texts;
}

std::string onlyMistake(const std::string& text) {
  const std::vector<std::string> all = mistakes(readManifest(text));
  EXPECT_THAT(all, SizeIs(1)) << text;
  return all.empty() ? "" : all[0];
}

/// A [[scenarios]] table in one piece; its own first line is line 1.
std::string scenario(const std::string& lines) {
  return "[[scenarios]]\n" + lines;
}

TEST(Manifest, readsEverything) {
  const Reading reading = readManifest(R"(
[setup]                                  # optional
command = ["sh", "-c", "cmake -S . -B build && cmake --build build"]
timeout_s = 1800

[[scenarios]]
glob = "scenarios/**/*.sh"
command = ["sh", "{path}"]
timeout_s = 60
tags = ["smoke"]
description = "Boots the board"

[[scenarios]]
name = "lint"
command = ["./tools/lint"]

[[scenarios]]
lister = "ctest"
build_dir = "out/debug"

[[scenarios]]
lister = "ctest"
[results]
junit = ["build/reports/*.xml"]
tap = []
artifacts = ["build/*.log"]
)");
  EXPECT_THAT(mistakes(reading),
              ElementsAre(HasSubstr("21:1 there are two scenarios named 'ctest': here and in line 17")));
  const Manifest& manifest = reading.manifest;
  EXPECT_EQ(manifest.setup.command[2], "cmake -S . -B build && cmake --build build");
  EXPECT_EQ(manifest.setup.timeout_s, 1800);
  ASSERT_THAT(manifest.scenarios, SizeIs(3));
  EXPECT_EQ(manifest.scenarios[0],
            (Table{"scenarios/**/*.sh", "", "", {"sh", "{path}"}, "", 60, {"smoke"}, "Boots the board"}));
  EXPECT_EQ(manifest.scenarios[1], (Table{"", "lint", "", {"./tools/lint"}, "", 0, {}, ""}));
  EXPECT_EQ(manifest.scenarios[2], (Table{"", "", "ctest", {}, "out/debug", 0, {}, ""}));
  EXPECT_THAT(reading.lines, ElementsAre(6, 13, 17));
  EXPECT_THAT(manifest.results.junit, ElementsAre("build/reports/*.xml"));
  EXPECT_THAT(manifest.results.tap, IsEmpty());
  EXPECT_THAT(manifest.results.artifacts, ElementsAre("build/*.log"));
  EXPECT_FALSE(reading.setup_is_broken);
}

TEST(Manifest, aListerBuildsInBuildUnlessItSaysSo) {
  EXPECT_EQ(readManifest(scenario("lister = \"ctest\"")).manifest.scenarios[0].build_dir, "build");
}

TEST(Manifest, nothingIsAManifestToo) {
  EXPECT_EQ(readManifest("").manifest, Manifest());
  EXPECT_THAT(mistakes(readManifest("# only a comment\n")), IsEmpty());
}

TEST(Manifest, tellsWhereItIsNoToml) {
  EXPECT_THAT(onlyMistake("[setup]\ncommand = [\"a\"\n[x]\n"), testing::MatchesRegex("[23]:[0-9]+ it is no TOML: .*"));
  EXPECT_THAT(onlyMistake("[setup]\n[setup]\n"), HasSubstr("2:"));
  EXPECT_THAT(onlyMistake("a = \"\xff\"\n"), HasSubstr("it is no TOML"));
  EXPECT_THAT(onlyMistake(std::string(kMaxFileSize + 1, '#')), HasSubstr("longer than"));
}

TEST(Manifest, unknownKeysGetASuggestion) {
  EXPECT_EQ(onlyMistake("[setpu]\n"), "1:2 there is no key 'setpu'; did you mean 'setup'?");
  EXPECT_EQ(onlyMistake("[[scenario]]\nglob = \"a\"\n"), "1:3 there is no key 'scenario'; did you mean 'scenarios'?");
  EXPECT_EQ(onlyMistake("[setup]\ncommand = [\"a\"]\ntimeout = 3\n"),
            "3:1 there is no key 'timeout' in [setup]; did you mean 'timeout_s'?");
  EXPECT_EQ(onlyMistake(scenario("glob = \"a\"\ncomand = [\"a\"]\ncommand = [\"a\"]\n")),
            "3:1 there is no key 'comand' in [[scenarios]]; did you mean 'command'?");
  EXPECT_EQ(onlyMistake("[results]\nxml = []\n"),
            "2:1 there is no key 'xml' in [results]; known are: junit, tap, artifacts");
}

TEST(Manifest, typesAreExact) {
  EXPECT_THAT(onlyMistake("setup = 3\n"), HasSubstr("1:9 setup is a number: write [setup]"));
  EXPECT_THAT(onlyMistake("[scenarios]\nglob = \"a\"\n"), HasSubstr("1:1 scenarios is a table: write [[scenarios]]"));
  EXPECT_THAT(onlyMistake("scenarios = [1]\n"), HasSubstr("write [[scenarios]]"));
  EXPECT_THAT(onlyMistake("[[results]]\njunit = []\n"), HasSubstr("results is a list: write [results]"));
  EXPECT_EQ(onlyMistake(scenario("name = \"a\"\ncommand = \"make test\"\n")),
            "3:11 command is a text, it must be a list of texts, each word by itself, as in [\"sh\", \"{path}\"]");
  EXPECT_EQ(onlyMistake(scenario("name = \"a\"\ncommand = [\"a\", 3]\n")),
            "3:17 command has a number in its list of texts");
  EXPECT_THAT(onlyMistake(scenario("name = 3\ncommand = [\"a\"]\n")), HasSubstr("2:8 name is a number"));
  EXPECT_THAT(onlyMistake(scenario("glob = [\"a\"]\ncommand = [\"a\"]\n")), HasSubstr("2:8 glob is a list"));
  EXPECT_THAT(onlyMistake(scenario("name = \"a\"\ncommand = [\"a\"]\ntags = \"x\"\n")),
              HasSubstr("4:8 tags is a text"));
  EXPECT_THAT(onlyMistake("[setup]\ncommand = [\"a\"]\ntimeout_s = 1.5\n"),
              HasSubstr("3:13 timeout_s is a number with a fraction"));
  EXPECT_THAT(onlyMistake("[setup]\ncommand = [\"a\"]\ntimeout_s = \"60\"\n"), HasSubstr("3:13 timeout_s is a text"));
  EXPECT_THAT(onlyMistake("[setup]\ncommand = [\"a\"]\ntimeout_s = 2026-01-01\n"), HasSubstr("a date or time"));
}

TEST(Manifest, valuesMakeSense) {
  EXPECT_THAT(onlyMistake("[setup]\ncommand = []\n"), HasSubstr("2:11 the command is empty"));
  EXPECT_THAT(onlyMistake("[setup]\ntimeout_s = 3\n"), HasSubstr("1:1 the command is empty"));
  EXPECT_THAT(onlyMistake(scenario("name = \"a\"\ncommand = [\"\"]\n")), HasSubstr("3:11 the command is empty"));
  EXPECT_THAT(onlyMistake(scenario("name = \"a\"\n")), HasSubstr("1:1 the command is empty"));
  EXPECT_THAT(onlyMistake(scenario("name = \"a\"\ncommand = [\"a\\u0000b\"]\n")), HasSubstr("NUL"));
  EXPECT_THAT(onlyMistake("[setup]\ncommand = [\"a\"]\ntimeout_s = 0\n"), HasSubstr("3:13 timeout_s is 0"));
  EXPECT_THAT(onlyMistake("[setup]\ncommand = [\"a\"]\ntimeout_s = -5\n"), HasSubstr("3:13 timeout_s is -5"));
  EXPECT_THAT(onlyMistake("[setup]\ncommand = [\"a\"]\ntimeout_s = 9223372036854775807\n"),
              HasSubstr("it must be 1 to"));
  EXPECT_THAT(onlyMistake(scenario("name = \"\"\ncommand = [\"a\"]\n")), HasSubstr("2:8 name is empty"));
  EXPECT_THAT(onlyMistake(scenario("name = \"a\\nb\"\ncommand = [\"a\"]\n")), HasSubstr("2:8 the name has a control"));
  EXPECT_THAT(onlyMistake(scenario("glob = \"/etc/*\"\ncommand = [\"a\"]\n")),
              HasSubstr("2:8 the pattern '/etc/*' is absolute"));
  EXPECT_THAT(onlyMistake(scenario("glob = \"../x\"\ncommand = [\"a\"]\n")), HasSubstr("'..' is not allowed"));
  EXPECT_THAT(onlyMistake(scenario("glob = \"a**b\"\ncommand = [\"a\"]\n")), HasSubstr("stands alone"));
  EXPECT_THAT(onlyMistake("[results]\njunit = [\"/tmp/*.xml\"]\n"),
              HasSubstr("2:9 the pattern '/tmp/*.xml' is absolute"));
  EXPECT_THAT(onlyMistake("[results]\nartifacts = [\"../*\"]\n"), HasSubstr("'..'"));
  EXPECT_THAT(onlyMistake(scenario("name = \"a\"\ncommand = [\"a\"]\ntags = [\"\"]\n")), HasSubstr("4:8 a tag"));
}

TEST(Manifest, aTableIsOneOfThree) {
  EXPECT_THAT(onlyMistake(scenario("command = [\"a\"]\n")),
              HasSubstr("1:1 a [[scenarios]] table has exactly one of glob, name and lister; this one has none"));
  EXPECT_THAT(onlyMistake(scenario("name = \"a\"\nglob = \"b\"\ncommand = [\"a\"]\n")), HasSubstr("has several"));
  EXPECT_THAT(onlyMistake(scenario("lister = \"ctset\"\n")),
              HasSubstr("2:10 there is no lister 'ctset'; did you mean 'ctest'?"));
  EXPECT_THAT(onlyMistake(scenario("lister = \"pytest\"\n")), HasSubstr("there is no lister 'pytest'"));
  EXPECT_THAT(onlyMistake(scenario("lister = \"ctest\"\ncommand = [\"a\"]\n")),
              HasSubstr("3:11 a lister has no command"));
  EXPECT_THAT(onlyMistake(scenario("lister = \"ctest\"\nbuild_dir = \"/build\"\n")),
              HasSubstr("3:13 the build_dir '/build' is absolute"));
  EXPECT_THAT(onlyMistake(scenario("name = \"a\"\nbuild_dir = \"b\"\ncommand = [\"a\"]\n")),
              HasSubstr("3:13 build_dir belongs to a lister"));
}

TEST(Manifest, namesAreUniqueWithBothPlacesTold) {
  const Reading reading = readManifest(
      "[[scenarios]]\nname = \"a\"\ncommand = [\"x\"]\n\n[[scenarios]]\nname = \"a\"\ncommand = [\"y\"]\n");
  EXPECT_THAT(mistakes(reading), ElementsAre("5:1 there are two scenarios named 'a': here and in line 1; rename one"));
  EXPECT_THAT(reading.manifest.scenarios, SizeIs(1));
}

TEST(Manifest, oneMistakeDoesNotHideTheOthersNorWhatIsRight) {
  const Reading reading = readManifest(
      "[setup]\ncommand = 3\n[[scenarios]]\nname = \"good\"\ncommand = [\"x\"]\n[[scenarios]]\nname = \"bad\"\ncomand "
      "= []\n"
      "timeout_s = -1\n[[scenarios]]\nname = \"fine\"\ncommand = [\"x\"]\n[results]\njunit = [\"/x\"]\n");
  EXPECT_THAT(mistakes(reading), SizeIs(3));
  ASSERT_THAT(reading.manifest.scenarios, SizeIs(2));
  EXPECT_EQ(reading.manifest.scenarios[1].name, "fine");
  EXPECT_TRUE(reading.setup_is_broken);
  EXPECT_THAT(reading.manifest.setup.command, IsEmpty());
}

TEST(Manifest, aConfigurationIsHeldToTheSameRules) {
  Manifest manifest;
  manifest.setup.timeout_s = 5;
  manifest.scenarios = {{"a/*", "", "", {"sh"}, "", 0, {}, ""},
                        {"/a", "", "", {"sh"}, "", 0, {}, ""},
                        {"", "x", "", {"sh"}, "", 0, {}, ""},
                        {"", "x", "", {"sh"}, "", 0, {}, ""},
                        {"", "", "ctest", {}, "", 0, {}, ""}};
  const Reading reading = checkManifest(manifest, "the configuration");
  EXPECT_THAT(mistakes(reading),
              ElementsAre(HasSubstr("0:0 setup: the command is empty"),
                          HasSubstr("0:0 scenarios[1]: the pattern '/a' is absolute"),
                          HasSubstr("scenarios[3]: there are two scenarios named 'x', the other is scenarios[2]")));
  EXPECT_TRUE(reading.setup_is_broken);
  ASSERT_THAT(reading.manifest.scenarios, SizeIs(3));
  EXPECT_EQ(reading.manifest.scenarios[2].build_dir, "build");
  EXPECT_EQ(reading.lines.size(), 3u);
  EXPECT_EQ(checkManifest(Manifest(), "x").manifest, Manifest());
}

}  // namespace
}  // namespace testarena::manifest
