// SPDX-License-Identifier: Apache-2.0
#include "random.h"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

namespace testarena {
namespace {

TEST(Random, tokensHaveTheirLengthAndAlphabetAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = randomToken(43);
    ASSERT_EQ(token.size(), 43U);
    EXPECT_TRUE(std::all_of(token.begin(), token.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }));
    EXPECT_TRUE(seen.insert(token).second);
  }
  EXPECT_EQ(randomHex(16).size(), 32U);
  EXPECT_EQ(randomBytes(0), "");
}

TEST(Random, aSeedGivesTheSameNumbersEverywhere) {
  SeededRandom random(42);
  EXPECT_EQ(random.next(), 13679457532755275413U);
  EXPECT_EQ(random.next(), 2949826092126892291U);
}

TEST(Random, belowStaysBelowAndReachesAll) {
  SeededRandom random(7);
  std::array<int, 10> seen{};
  for (int i = 0; i < 10'000; ++i) ++seen[random.below(10)];
  for (const int count : seen) EXPECT_GT(count, 800);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, sha256IsThatOfTheStandard) {
  EXPECT_EQ(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Random, equalityLooksAtEveryByteAndTheLength) {
  EXPECT_TRUE(constantTimeEqual("", ""));
  EXPECT_TRUE(constantTimeEqual("abc", "abc"));
  EXPECT_FALSE(constantTimeEqual("abc", "abd"));
  EXPECT_FALSE(constantTimeEqual("abc", "xbc"));
  EXPECT_FALSE(constantTimeEqual("abc", "abcd"));
  EXPECT_FALSE(constantTimeEqual(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

TEST(Random, aKeyedHashKnowsItsPartsAndItsKey) {
  const KeyedHash hash;
  const KeyedHash other;
  EXPECT_EQ(hash("user", "password"), hash("user", "password"));
  EXPECT_NE(hash("user", "password"), other("user", "password"));
  EXPECT_NE(hash("ab", "c"), hash("a", "bc"));
  EXPECT_NE(hash("ab"), hash("", "ab"));
}

}  // namespace
}  // namespace testarena
