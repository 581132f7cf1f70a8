// SPDX-License-Identifier: Apache-2.0
#include "dialect.h"

#include <gtest/gtest.h>

namespace testarena::sql {
namespace {

TEST(Dialect, placeholdersBecomePostgresqls) {
  EXPECT_EQ(kPostgresql.rewrite("SELECT a FROM t WHERE a = ?1 AND b < ?12 OR a = ?1"),
            "SELECT a FROM t WHERE a = $1 AND b < $12 OR a = $1");
}

TEST(Dialect, whatIsQuotedStaysAsItIs) {
  EXPECT_EQ(kPostgresql.rewrite("SELECT '?1', \"a?2\", 'it''s ?3' WHERE x = ?4"),
            "SELECT '?1', \"a?2\", 'it''s ?3' WHERE x = $4");
  EXPECT_EQ(kPostgresql.rewrite("SELECT '/*for update*/'"), "SELECT '/*for update*/'");
}

TEST(Dialect, rowLocksAreForDatabasesWithManyWriters) {
  EXPECT_EQ(kPostgresql.rewrite("SELECT 1 /*for update*/"), "SELECT 1  FOR UPDATE");
  EXPECT_EQ(kSqlite.rewrite("SELECT 1 /*for update*/"), "SELECT 1 ");
}

TEST(Dialect, adviceAboutIndexesIsForSqlite) {
  EXPECT_EQ(kSqlite.rewrite("a = ?1 AND /*no index*/b = ?2"), "a = ?1 AND +b = ?2");
  EXPECT_EQ(kPostgresql.rewrite("a = ?1 AND /*no index*/b = ?2"), "a = $1 AND b = $2");
}

}  // namespace
}  // namespace testarena::sql
