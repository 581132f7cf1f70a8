// SPDX-License-Identifier: Apache-2.0
#include "glob.h"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena::manifest {
namespace {

using testing::HasSubstr;

TEST(Glob, matchesPaths) {
  const std::pair<const char*, const char*> pairs[] = {
      {"a.sh", "a.sh"},
      {"*.sh", "a.sh"},
      {"*.sh", ".sh"},
      {"?.sh", "a.sh"},
      {"**/*.sh", "a.sh"},
      {"**/*.sh", "x/a.sh"},
      {"**/*.sh", "x/y/a.sh"},
      {"a/**/b", "a/b"},
      {"a/**/b", "a/x/b"},
      {"a/**/b", "a/x/y/b"},
      {"a/**/b", "a/b/b"},
      {"a/**/**/b", "a/b"},
      {"*/b", "a/b"},
      {"*a*b*", "xxaxxbxx"},
      {"*a*b*", "ab"},
      {"*.tar.*", "a.tar.gz"},
      {"**/x/**/y", "a/x/b/x/y"},
      {"[a]{b}", "[a]{b}"},
      {"a\\*", "a\\b"},
      {"*", "\xff"},
      {"tests/*/run.sh", "tests/boot/run.sh"},
  };
  for (const auto& [pattern, path] : pairs) EXPECT_TRUE(globMatches(pattern, path)) << pattern << " " << path;
}

TEST(Glob, stopsAtSlashes) {
  const std::pair<const char*, const char*> pairs[] = {
      {"*.sh", "x/a.sh"}, {"a*b", "a/b"},      {"a?b", "a/b"},        {"*", "a/b"},   {"a/**/b", "ab"},
      {"a/**/b", "a/xb"}, {"a/**/b", "x/a/b"}, {"**/*.sh", "a.sh/b"}, {"*/b", "b"},   {"*/b", "a/x/b"},
      {"a.sh", "A.sh"},   {"?.sh", ".sh"},     {"[a]", "a"},          {"{a,b}", "a"}, {"a", ""},
      {"a/b", "a"},       {"a", "a/b"},        {"**/x/**/y", "x/a"},
  };
  for (const auto& [pattern, path] : pairs) EXPECT_FALSE(globMatches(pattern, path)) << pattern << " " << path;
}

TEST(Glob, isNotSlowForAnyPattern) {
  std::string stars, folders, path;
  for (int i = 0; i < 100; ++i) {
    stars += "*a";
    folders += "**/*a*/";
    path += "aaaa/";
  }
  EXPECT_FALSE(globMatches(stars + "b", std::string(5000, 'a')));
  EXPECT_FALSE(globMatches(folders + "b", path + "c"));
}

/// The definition, in the plainest words, and as slow as they are.
bool matchesByDefinition(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return path.empty();
  if (pattern.substr(0, 3) == "**/") {
    if (matchesByDefinition(pattern.substr(3), path)) return true;
    const std::size_t slash = path.find('/');
    return slash != path.npos && matchesByDefinition(pattern, path.substr(slash + 1));
  }
  if (pattern[0] == '*') {
    if (matchesByDefinition(pattern.substr(1), path)) return true;
    return !path.empty() && path[0] != '/' && matchesByDefinition(pattern, path.substr(1));
  }
  if (path.empty() || (pattern[0] == '?' ? path[0] == '/' : pattern[0] != path[0])) return false;
  return matchesByDefinition(pattern.substr(1), path.substr(1));
}

TEST(Glob, agreesWithItsDefinition) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto pick = [&](const std::vector<const char*>& pieces) { return pieces[random() % pieces.size()]; };
  int matched = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string pattern, path;
    for (auto left = random() % 5; left > 0; --left) pattern += pick({"**/", "a/", "*/", "a*/", "?b/", "*a*/"});
    pattern += pick({"a", "*", "*b", "a?", "a*b", "*a*"});
    for (auto left = random() % 5; left > 0; --left) path += pick({"a/", "b/", "ab/", "aab/"});
    path += pick({"a", "b", "ab", "aab", "ba"});
    const bool expected = matchesByDefinition(pattern, path);
    matched += expected ? 1 : 0;
    ASSERT_EQ(globMatches(pattern, path), expected) << pattern << " " << path;
  }
  EXPECT_GT(matched, 10000);
}

TEST(Glob, saysWhatIsWrongWithAPattern) {
  for (const char* good : {"a", "**/*.sh", "a/**/b/*", "a b", "[x]", "..a", "a..b"})
    EXPECT_EQ(whyNoGlob(good), "") << good;
  EXPECT_THAT(whyNoGlob(""), HasSubstr("empty"));
  EXPECT_THAT(whyNoGlob("/etc/*"), HasSubstr("absolute"));
  EXPECT_THAT(whyNoGlob("../*"), HasSubstr("'..'"));
  EXPECT_THAT(whyNoGlob("a/../b"), HasSubstr("'..'"));
  EXPECT_THAT(whyNoGlob("./a"), HasSubstr("'.'"));
  EXPECT_THAT(whyNoGlob("a//b"), HasSubstr("empty part"));
  EXPECT_THAT(whyNoGlob("a/"), HasSubstr("empty part"));
  EXPECT_THAT(whyNoGlob("a**"), HasSubstr("stands alone"));
  EXPECT_THAT(whyNoGlob("**.sh"), HasSubstr("stands alone"));
  EXPECT_THAT(whyNoGlob("a/**"), HasSubstr("**/*"));
  EXPECT_THAT(whyNoGlob("***/a"), HasSubstr("stands alone"));
  EXPECT_THAT(whyNoGlob("a\nb"), HasSubstr("control"));
  EXPECT_THAT(whyNoGlob(std::string(1001, 'a')), HasSubstr("longer"));
}

TEST(Path, staysInTheCheckout) {
  for (const char* good : {".", "build", "a/b", "..a", "*"}) EXPECT_EQ(whyNoPath(good), "") << good;
  for (const char* bad : {"", "/", "/build", "..", "../x", "a/..", "a//b", "a/", "./a", "a\tb"}) {
    EXPECT_NE(whyNoPath(bad), "") << bad;
  }
}

}  // namespace
}  // namespace testarena::manifest
