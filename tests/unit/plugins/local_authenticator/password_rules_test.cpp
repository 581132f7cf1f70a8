// SPDX-License-Identifier: Apache-2.0
#include "password_rules.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena {
namespace {

using testing::HasSubstr;

TEST(PasswordRules, lengthIsWhatCounts) {
  for (const char* good : {"twelve green chairs", "fifteen letters", "aB3$aB3$xYz!9876",
                           "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"
                           "0123456789a",
                           "a sentence with many words in it."}) {
    EXPECT_EQ(whyNoPassword(good, "ada"), "") << good;
  }
  EXPECT_THAT(whyNoPassword("fourteen char.", "ada"), HasSubstr("at least 15 characters"));
  EXPECT_THAT(whyNoPassword("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f", "ada"),
              HasSubstr("at least 15"))
      << "characters, not bytes";
  EXPECT_THAT(whyNoPassword("", "ada"), HasSubstr("at least 15"));
  EXPECT_EQ(whyNoPassword(std::string(512, 'a') + "bcde" + std::string(508, 'a'), "ada"), "");
  EXPECT_THAT(whyNoPassword(std::string(1025, 'a'), "ada"), HasSubstr("at most 1024 bytes"));
}

TEST(PasswordRules, whatEverybodyGuessesFirstIsRefused) {
  for (const char* bad :
       {"passwordpassword", "Password Password", "123456789012345", "QWERTYUIOPASDFGH", "aaaaaaaaaaaaaaaa",
        "ababababababababab", "abcdabcdabcdabcd", "correct horse battery staple"}) {
    EXPECT_NE(whyNoPassword(bad, "ada"), "") << bad;
  }
}

TEST(PasswordRules, aNameIsNoPassword) {
  EXPECT_THAT(whyNoPassword("lovelacelovelace", "lovelace"), HasSubstr("user's name"));
  EXPECT_THAT(whyNoPassword("LoveLace 2026 lovelace", "lovelace"), HasSubstr("user's name"));
  EXPECT_EQ(whyNoPassword("lovelace writes programs", "lovelace"), "");
  EXPECT_EQ(whyNoPassword("a banana and an apple", "a"), "") << "a name of one letter is in everything";
}

TEST(PasswordRules, aPasswordIsText) {
  EXPECT_THAT(whyNoPassword(std::string("a NUL\0 in the middle", 20), "ada"), HasSubstr("text"));
  EXPECT_THAT(whyNoPassword("not UTF-8 \xff in the middle", "ada"), HasSubstr("text"));
}

TEST(PasswordRules, someAreNotWorthAHash) {
  for (const std::string& none :
       {std::string(), std::string(1, '\0'), std::string("a\0b", 3), std::string(1025, 'a')}) {
    EXPECT_TRUE(isNoPassword(none));
  }
  EXPECT_FALSE(isNoPassword("x")) << "it may be an old one, from other rules";
  EXPECT_FALSE(isNoPassword(std::string(1024, 'a')));
}

}  // namespace
}  // namespace testarena
