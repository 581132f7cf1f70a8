// SPDX-License-Identifier: Apache-2.0
#include "branch_name.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena::git {
namespace {

using testing::HasSubstr;

TEST(BranchName, isWhatPeopleUse) {
  for (const char* name : {"main", "feature/login", "release-1.2.x", "a/b/c", "v1.0+rc1", "user_name/x", "1", "+a", "_",
                           "HEADs", "refs", "a.lockx", "dependabot/npm_and_yarn/a-b-1.2.3"}) {
    EXPECT_EQ(whyNoBranchName(name), "") << name;
  }
  EXPECT_EQ(whyNoBranchName(std::string(200, 'a')), "");
}

TEST(BranchName, saysWhyNot) {
  const std::pair<std::string, const char*> wrong[] = {
      {"", "not empty"},
      {"--upload-pack=touch CANARY", "begin with '-'"},
      {"--help", "begin with '-'"},
      {"-oProxyCommand=x", "begin with '-'"},
      {"--output=/x", "begin with '-'"},
      {"a--output=/x", "'='"},
      {"a..b", "'..'"},
      {"a@{1}", "'@'"},
      {"HEAD", "HEAD is no branch"},
      {"refs/heads/x", "without refs/heads/"},
      {"x.lock", "'.lock'"},
      {"x.lock/y", "'.lock'"},
      {".x", "begins with '.'"},
      {"a/.x", "begins with '.'"},
      {"a//b", "'//'"},
      {"/a", "'/'"},
      {"a/", "'/'"},
      {"a.", "end with '.'"},
      {"x\ny", "control character 0x0a"},
      {std::string("x\0y", 3), "control character 0x00"},
      {"\x7f", "control character 0x7f"},
      {"$(id)", "'$'"},
      {"`id`", "'`'"},
      {"';id;'", "'''"},
      {"x y", "a space"},
      {"a\\b", "'\\'"},
      {"a:b", "':'"},
      {"a~1", "'~'"},
      {"a^", "'^'"},
      {"a*", "'*'"},
      {"a|b", "'|'"},
      {"main\xe2\x80\xae"
       "gnp",
       "beyond ASCII"},
      {"\xff", "beyond ASCII"},
      {std::string(201, 'a'), "at most 200"},
      {std::string(4096, 'a'), "4096"},
  };
  for (const auto& [name, why] : wrong) EXPECT_THAT(whyNoBranchName(name), HasSubstr(why)) << name;
}

TEST(BranchName, messagesArePlainText) {
  for (int c = 0; c < 256; ++c) {
    for (const char shown : whyNoBranchName(std::string("a") + static_cast<char>(c))) {
      EXPECT_TRUE(shown >= ' ' && shown < 0x7f) << c;
    }
  }
}

TEST(ObjectName, isFullAndLowerCase) {
  EXPECT_TRUE(isObjectName(std::string(40, 'a')));
  EXPECT_TRUE(isObjectName(std::string(64, '0')));
  for (const std::string& text : {std::string(), std::string(39, 'a'), std::string(41, 'a'), std::string(40, 'g'),
                                  std::string(40, 'A'), "-" + std::string(39, 'a'), std::string(63, 'a')}) {
    EXPECT_FALSE(isObjectName(text)) << text;
  }
}

}  // namespace
}  // namespace testarena::git
