// SPDX-License-Identifier: Apache-2.0
#include "password_hash.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena {
namespace {

constexpr HashCost kCheap{1, 8192};

TEST(PasswordHash, isArgon2idAtTheCostThatOwaspNames) {
  EXPECT_THAT(PasswordHash().make("x"), testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(PasswordHash, isSalted) {
  const PasswordHash hash(kCheap);
  const std::string one = hash.make("the same"), other = hash.make("the same");
  EXPECT_NE(one, other);
  EXPECT_TRUE(hash.matches(one, "the same"));
  EXPECT_TRUE(hash.matches(other, "the same"));
  EXPECT_FALSE(hash.matches(one, "another"));
}

TEST(PasswordHash, takesEveryByteOfAPassword) {
  const PasswordHash hash(kCheap);
  const std::string longest(1024, 'x');
  EXPECT_FALSE(hash.matches(hash.make(longest), longest.substr(1)));
  EXPECT_TRUE(hash.matches(hash.make(longest), longest));
}

TEST(PasswordHash, matchesHashesOfAnyCostAndTellsOldOnes) {
  const PasswordHash cheap(kCheap), dear({2, 16384});
  const std::string old = cheap.make("x");
  EXPECT_TRUE(dear.matches(old, "x"));
  EXPECT_TRUE(dear.isOutdated(old));
  EXPECT_FALSE(cheap.isOutdated(old));
  EXPECT_FALSE(dear.isOutdated(dear.make("x")));
}

TEST(PasswordHash, aTextThatIsNoHashFitsNothing) {
  const PasswordHash hash(kCheap);
  const std::string good = hash.make("x");
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("$argon2id$v=19$m=8,t=1,p=1$"), good.substr(0, good.size() / 2),
        std::string(10000, '$'), "$argon2id$v=19$m=4294967295,t=4294967295,p=1$AAAA$AAAA" + std::string(200, 'A')}) {
    EXPECT_FALSE(hash.matches(text, "x")) << text.substr(0, 100);
    EXPECT_TRUE(hash.isOutdated(text)) << text.substr(0, 100);
  }
}

}  // namespace
}  // namespace testarena
