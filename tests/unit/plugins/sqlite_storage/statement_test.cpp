// SPDX-License-Identifier: Apache-2.0
// Statements through Poco::Data and on the raw handle answer the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite_connection.h"
#include "temporary_folder.h"

namespace testarena::sqlite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Thing {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::int64_t> number;
  std::optional<Time> seen_at;
  std::optional<std::string> note;
  bool open = false;
  TA_FIELDS(id, name, number, seen_at, note, open)
  friend bool operator==(const Thing& a, const Thing& b) { return a.ta_tie() == b.ta_tie(); }
};

class Statements : public testing::TestWithParam<sql::Path> {
 protected:
  Statements() {
    connection_.runText("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE, number, seen_at, note, open)");
  }

  const sql::Query& query(const char* text) {
    queries_.push_back(std::make_unique<sql::Query>(sql::Query{"test", text, GetParam()}));
    return *queries_.back();
  }

  test::TemporaryFolder folder_;
  SqliteConnection connection_{(folder_.path() / "t.db").string(), Access::writing};
  std::vector<std::unique_ptr<sql::Query>> queries_;
  const sql::Query& insert_ = query("INSERT INTO things VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  const sql::Query& all_ = query("SELECT id, name, number, seen_at, note, open FROM things ORDER BY id");
};

TEST_P(Statements, whatIsWrittenIsRead) {
  const Thing full{1, "ärger \xF4\x8F\xBF\xBF", INT64_MIN, Time(std::chrono::microseconds(-1)), "", true};
  const Thing empty{INT64_MAX, "", {}, {}, {}, false};
  connection_.run(insert_, full);
  connection_.run(insert_, empty);
  EXPECT_THAT(connection_.all<Thing>(all_), ElementsAre(full, empty));
}

TEST_P(Statements, aStatementForgetsTheValuesOfItsLastUse) {
  connection_.run(insert_, Thing{1, "a long name that needs memory of its own", 5, Time{}, "note", true});
  connection_.run(insert_, Thing{2, "b", {}, {}, {}, false});
  connection_.run(insert_, Thing{3, "c", 6, {}, "", false});
  const auto things = connection_.all<Thing>(all_);
  EXPECT_EQ(things[1], (Thing{2, "b", {}, {}, {}, false}));
  EXPECT_EQ(things[2], (Thing{3, "c", 6, {}, "", false}));
}

TEST_P(Statements, changesAreCounted) {
  for (std::int64_t id = 1; id <= 3; ++id) connection_.run(insert_, Thing{id, std::to_string(id), {}, {}, {}, false});
  const sql::Query& open = query("UPDATE things SET open = 1 WHERE id >= ?1");
  EXPECT_EQ(connection_.run(open, std::int64_t{2}), 2);
  EXPECT_EQ(connection_.run(open, std::int64_t{9}), 0);
  EXPECT_EQ(connection_.run(open, std::int64_t{1}), 3);
}

TEST_P(Statements, changesCanAnswer) {
  const sql::Query& add = query("INSERT INTO things (name) VALUES (?1) ON CONFLICT (name) DO NOTHING RETURNING id");
  EXPECT_EQ(connection_.one<std::int64_t>(add, "a"), 1);
  EXPECT_EQ(connection_.one<std::int64_t>(add, "a"), std::nullopt);
  EXPECT_EQ(connection_.one<std::int64_t>(add, std::string("b")), 2);
}

TEST_P(Statements, noRowsAreAnAnswer) {
  EXPECT_THAT(connection_.all<Thing>(all_), IsEmpty());
  EXPECT_FALSE(connection_.one<std::int64_t>(query("SELECT id FROM things WHERE id = ?1"), std::int64_t{1}));
  EXPECT_THROW(connection_.only<std::int64_t>(query("SELECT id FROM things")), Internal);
}

TEST_P(Statements, aParameterMayBeUsedTwice) {
  const sql::Query& twice = query("SELECT ?1 || ?2 || ?1");
  EXPECT_EQ(connection_.only<std::string>(twice, "a", "b"), "aba");
}

TEST_P(Statements, aFailureSaysWhyAndLeavesTheStatementUsable) {
  connection_.run(insert_, Thing{1, "a", {}, {}, {}, false});
  EXPECT_EQ(connection_.all<Thing>(all_).size(), 1U);  // another statement, which ends well
  try {
    connection_.guarded([&] { connection_.run(insert_, Thing{1, "again", {}, {}, {}, false}); });
    ADD_FAILURE() << "the id was taken twice";
  } catch (const Internal& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("UNIQUE constraint failed: things.id"));
  }
  connection_.guarded([&] { connection_.run(insert_, Thing{2, "b", {}, {}, {}, false}); });
  EXPECT_EQ(connection_.all<Thing>(all_).size(), 2U);
}

TEST_P(Statements, aVisitorMayThrow) {
  for (std::int64_t id = 1; id <= 3; ++id) connection_.run(insert_, Thing{id, std::to_string(id), {}, {}, {}, false});
  struct Narrow {
    std::int64_t id = 0;
    TA_FIELDS(id)
  };
  if (GetParam() == sql::Path::hot) {
    EXPECT_THROW(connection_.guarded([&] { connection_.all<Narrow>(all_); }), Internal) << "columns that nobody reads";
  }
  EXPECT_EQ(connection_.all<Thing>(all_).size(), 3U);
}

TEST_P(Statements, readersCannotWrite) {
  SqliteConnection reader((folder_.path() / "t.db").string(), Access::reading);
  EXPECT_THROW(reader.guarded([&] { reader.run(insert_, Thing{1, "a", {}, {}, {}, false}); }), Error);
  EXPECT_THAT(connection_.all<Thing>(all_), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Both, Statements, testing::Values(sql::Path::ordinary, sql::Path::hot),
                         [](const auto& info) { return info.param == sql::Path::hot ? "raw" : "poco"; });

TEST(Settings, areThoseThatKeepWhatWasAcknowledged) {
  test::TemporaryFolder folder;
  SqliteConnection connection((folder.path() / "t.db").string(), Access::writing);
  static const sql::Query mode{"mode", "PRAGMA journal_mode", sql::Path::hot};
  static const sql::Query synchronous{"synchronous", "PRAGMA synchronous", sql::Path::hot};
  static const sql::Query keys{"keys", "PRAGMA foreign_keys", sql::Path::hot};
  EXPECT_EQ(connection.only<std::string>(mode), "wal");
  EXPECT_EQ(connection.only<std::int64_t>(synchronous), 2) << "FULL";
  EXPECT_EQ(connection.only<std::int64_t>(keys), 1);
}

}  // namespace
}  // namespace testarena::sqlite
