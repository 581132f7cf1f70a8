// SPDX-License-Identifier: Apache-2.0
// No space left: writes say so, reads go on, and writing goes on by itself when there is space again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child.h"
#include "temporary_folder.h"

namespace testarena::sqlite {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Space, aFileThatMayNotGrowExhaustsWritingAndNothingElse) {
  test::TemporaryFolder folder;
  test::StorageChild child("fill", folder.path().string());
  const std::string exhausted = child.line();
  EXPECT_THAT(exhausted, StartsWith("exhausted: "));
  EXPECT_THAT(exhausted, HasSubstr("no space left"));
  EXPECT_EQ(child.line(), "health: degraded");
  const std::string newest = child.line();
  const std::string id = newest.substr(newest.rfind(' ') + 1);
  EXPECT_EQ(newest, "newest: " + id + " of " + id) << "what failed left nothing";
  EXPECT_EQ(child.line(), "after: " + std::to_string(std::stoll(id) + 1));
  EXPECT_EQ(child.line(), "health: ok");
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace testarena::sqlite
