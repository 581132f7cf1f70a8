// SPDX-License-Identifier: Apache-2.0
#include "names.h"

#include <gtest/gtest.h>

namespace testarena::sql {
namespace {

TEST(Names, keysKnowAsciiLettersOnly) {
  EXPECT_EQ(nameKey("Anna.LIND-Z[@`{"), "anna.lind-z[@`{");
  EXPECT_EQ(nameKey("ÄNNE"), "Änne");
  EXPECT_EQ(nameKey(""), "");
}

TEST(Names, searchesKnowTheLettersOfAllScripts) {
  EXPECT_EQ(searchText("ÄRZTE"), "ärzte");
  EXPECT_EQ(searchText("ΣΊ"), "σί");
  EXPECT_EQ(searchText("日本 ☃ \xF4\x8F\xBF\xBF"), "日本 ☃ \xF4\x8F\xBF\xBF");
  EXPECT_EQ(searchText(""), "");
}

}  // namespace
}  // namespace testarena::sql
