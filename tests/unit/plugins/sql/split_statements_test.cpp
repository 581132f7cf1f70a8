// SPDX-License-Identifier: Apache-2.0
#include "split_statements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SplitStatements, endAtSemicolons) {
  EXPECT_THAT(splitStatements("CREATE TABLE a (b);\nINSERT INTO a VALUES (1) ;\n"),
              ElementsAre("CREATE TABLE a (b)", "INSERT INTO a VALUES (1) "));
  EXPECT_THAT(splitStatements("SELECT 1"), ElementsAre("SELECT 1"));
}

TEST(SplitStatements, nothingIsNoStatement) {
  EXPECT_THAT(splitStatements(""), IsEmpty());
  EXPECT_THAT(splitStatements(" ;\n;; "), IsEmpty());
  EXPECT_THAT(splitStatements("-- a comment; no more\n/* and; another */"), IsEmpty());
}

TEST(SplitStatements, semicolonsInQuotesAndCommentsAreText) {
  EXPECT_THAT(splitStatements("SELECT ';', \";\", 'it''s; ' -- so; what\n; SELECT /* ; */ 2;"),
              ElementsAre("SELECT ';', \";\", 'it''s; ' -- so; what\n", "SELECT /* ; */ 2"));
}

TEST(SplitStatements, dollarQuotesAreText) {
  EXPECT_THAT(splitStatements("CREATE FUNCTION f() AS $$ a; b; $$; SELECT $x$ ;$$; $x$;"),
              ElementsAre("CREATE FUNCTION f() AS $$ a; b; $$", "SELECT $x$ ;$$; $x$"));
  EXPECT_THAT(splitStatements("SELECT $1; SELECT $2"), ElementsAre("SELECT $1", "SELECT $2"));
}

TEST(SplitStatements, whatIsNotClosedGoesToTheEnd) {
  EXPECT_THAT(splitStatements("SELECT 'a; b"), ElementsAre("SELECT 'a; b"));
  EXPECT_THAT(splitStatements("SELECT 1 /* ; "), ElementsAre("SELECT 1 /* ; "));
}

}  // namespace
}  // namespace testarena::sql
