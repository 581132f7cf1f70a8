// SPDX-License-Identifier: Apache-2.0
#include "migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "built_in_migrations.h"
#include "sqlite_database.h"
#include "temporary_folder.h"

namespace testarena::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Query kColumns{"columns", "SELECT group_concat(name, ',') FROM pragma_table_info('things')"};
constexpr Query kVersions{"versions", "SELECT version FROM schema_migrations ORDER BY version"};

const Migration kFirst{1, "0001_things", "CREATE TABLE things (id INTEGER);\nINSERT INTO things VALUES (1);\n"};
const Migration kSecond{2, "0002_names", "ALTER TABLE things ADD COLUMN name TEXT;"};
const Migration kBroken{2, "0002_broken", "ALTER TABLE things ADD COLUMN name TEXT; CREATE TABLE nonsense (;"};

class Migrations : public testing::Test {
 protected:
  OpenedStorage migrate(const std::vector<Migration>& known, bool allowed = true) {
    return bringUpToDate(database_, known, allowed, call_);
  }
  std::string refusal(const std::vector<Migration>& known, bool allowed = true) {
    try {
      migrate(known, allowed);
      return "none";
    } catch (const WrongState& error) {
      return error.what();
    }
  }
  std::string columns() {
    return database_.answer(call_, [](Connection& c) { return c.one<std::string>(kColumns).value_or(""); });
  }
  std::vector<std::int64_t> versions() {
    return database_.answer(call_, [](Connection& c) { return c.all<std::int64_t>(kVersions); });
  }

  Call call_{std::chrono::minutes(1)};
  test::TemporaryFolder folder_;
  sqlite::SqliteDatabase database_{(folder_.path() / "t.db").string()};
};

TEST_F(Migrations, runInOrderOnce) {
  const OpenedStorage opened = migrate({kFirst, kSecond});
  EXPECT_EQ(opened.schema_version, 2);
  EXPECT_THAT(opened.applied, ElementsAre("0001_things", "0002_names"));
  EXPECT_EQ(columns(), "id,name");
  EXPECT_THAT(migrate({kFirst, kSecond}).applied, IsEmpty());
}

TEST_F(Migrations, bringAnOldSchemaUpToDate) {
  migrate({kFirst});
  const OpenedStorage opened = migrate({kFirst, kSecond});
  EXPECT_THAT(opened.applied, ElementsAre("0002_names"));
  EXPECT_EQ(columns(), "id,name");
  EXPECT_THAT(versions(), ElementsAre(1, 2));
}

TEST_F(Migrations, refuseWhenNotAllowedNamingBothVersions) {
  migrate({kFirst});
  const std::string text = refusal({kFirst, kSecond}, false);
  EXPECT_THAT(text, HasSubstr("schema version 1"));
  EXPECT_THAT(text, HasSubstr("version 2"));
  EXPECT_EQ(columns(), "id");
  EXPECT_EQ(migrate({kFirst}, false).schema_version, 1) << "what is up to date needs no permission";
}

TEST_F(Migrations, refuseANewerSchemaNamingBothVersions) {
  migrate({kFirst, kSecond});
  const std::string text = refusal({kFirst});
  EXPECT_THAT(text, HasSubstr("schema version 2"));
  EXPECT_THAT(text, HasSubstr("up to 1"));
  EXPECT_THAT(text, HasSubstr("0002_names"));
}

TEST_F(Migrations, refuseAnEditedMigration) {
  migrate({kFirst});
  Migration edited = kFirst;
  edited.script = "CREATE TABLE things (id INTEGER, more TEXT);";
  EXPECT_THAT(refusal({edited}), HasSubstr("0001_things"));
}

TEST_F(Migrations, lineEndsAreNoEdit) {
  EXPECT_EQ(checksumOf("a;\r\nb;\r\n"), checksumOf("a;\nb;\n"));
  EXPECT_NE(checksumOf("a;\nb;"), checksumOf("a;\nc;"));
}

TEST_F(Migrations, whatFailsLeavesNothingAndCanBeRepeated) {
  EXPECT_THROW(migrate({kFirst, kBroken}), Error);
  EXPECT_THAT(versions(), ElementsAre(1)) << "the first one stands";
  EXPECT_EQ(columns(), "id") << "the first statement of the second was undone";
  EXPECT_THAT(migrate({kFirst, kSecond}).applied, ElementsAre("0002_names"));
}

TEST(BuiltInMigrations, areNumberedWithoutGaps) {
  std::int64_t version = 0;
  for (const Migration& migration : builtInMigrations()) {
    EXPECT_EQ(migration.version, ++version);
    EXPECT_THAT(std::string(migration.name), testing::StartsWith("000" + std::to_string(version) + "_"));
    EXPECT_THAT(std::string(migration.script), HasSubstr("CREATE"));
  }
  EXPECT_GE(version, 4);
}

}  // namespace
}  // namespace testarena::sql
