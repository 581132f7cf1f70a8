// SPDX-License-Identifier: Apache-2.0
// Opening databases of other ages.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "built_in_migrations.h"
#include "quiet_host.h"
#include "sqlite_database.h"
#include "sqlite_storage.h"
#include "temporary_folder.h"

namespace testarena::sqlite {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Schemas : public testing::Test {
 protected:
  std::string path() { return (folder_.path() / "testarena.db").string(); }

  OpenedStorage open(bool migrate = true) {
    storage_.reset();
    storage_ = std::make_unique<SqliteStorage>(SqliteStorage::Settings{"testarena.db", folder_.path().string()},
                                               test::quietHost());
    return storage_->open({migrate}, call_);
  }

  /// A database as an earlier program left it: with the first migrations only, and a job in it.
  void makeOld(std::size_t migrations) {
    SqliteDatabase database(path());
    const auto& all = sql::builtInMigrations();
    sql::bringUpToDate(database, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(migrations)}, true, call_);
    database.write(call_, sql::Lists::changed, [](sql::Connection& connection) {
      connection.runText("INSERT INTO job_users VALUES (1, 'anna', 'anna')");
      connection.runText(
          "INSERT INTO jobs (id, user_no, \"user\", environment, branch, \"commit\", state, created_at) "
          "VALUES (41, 1, 'anna', 'lab-1', 'main', 'c0ffee', 'waiting', 5)");
      connection.runText("UPDATE counters SET value = 41 WHERE name = 'job_id'");
    });
  }

  Call call_{std::chrono::minutes(1)};
  test::TemporaryFolder folder_;
  std::unique_ptr<SqliteStorage> storage_;
};

TEST_F(Schemas, aNewFileGetsAllMigrations) {
  const OpenedStorage opened = open();
  EXPECT_EQ(opened.schema_version, static_cast<std::int64_t>(sql::builtInMigrations().size()));
  EXPECT_THAT(opened.applied, ElementsAre("0001_jobs", "0002_people", "0003_expansions", "0004_audit"));
}

TEST_F(Schemas, aNewFileIsNotMadeWithoutPermission) {
  EXPECT_THROW(open(false), WrongState);
  open();
  EXPECT_TRUE(open(false).applied.empty());
}

TEST_F(Schemas, everyOldSchemaIsMigratedAndKeepsItsJobs) {
  for (std::size_t age = 1; age < sql::builtInMigrations().size(); ++age) {
    std::filesystem::remove(path());
    makeOld(age);
    EXPECT_EQ(open().applied.size(), sql::builtInMigrations().size() - age);
    EXPECT_EQ(storage_->get_job({41, false}, call_).row.user, "anna");
    NewJob wish;
    wish.user = "bert";
    EXPECT_EQ(storage_->create_job(wish, call_).job.row.id, 42);
    storage_.reset();
  }
}

TEST_F(Schemas, aNewerSchemaIsRefused) {
  open();
  storage_.reset();
  {
    SqliteDatabase database(path());
    auto future = sql::builtInMigrations();
    future.push_back({static_cast<std::int64_t>(future.size()) + 1, "0099_future", "CREATE TABLE future (a);"});
    sql::bringUpToDate(database, future, true, call_);
  }
  try {
    open();
    ADD_FAILURE() << "opened";
  } catch (const WrongState& error) {
    EXPECT_THAT(error.what(), HasSubstr("0099_future"));
    EXPECT_THAT(error.what(), HasSubstr("newer TestArena"));
  }
  EXPECT_EQ(storage_->health({}, call_).state, HealthState::down);
  EXPECT_THROW(storage_->list_jobs({}, call_), WrongState);
}

TEST_F(Schemas, whatIsNoDatabaseIsRefused) {
  std::ofstream(path()) << std::string(8192, 'x');
  try {
    open();
    ADD_FAILURE() << "opened";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("damaged"));
  }
}

TEST_F(Schemas, nothingWorksBeforeOpening) {
  const SqliteStorage::Settings settings{"testarena.db", folder_.path().string()};
  SqliteStorage storage(settings, test::quietHost());
  EXPECT_THROW(storage.list_jobs({}, call_), WrongState);
  EXPECT_THROW(storage.create_job({}, call_), WrongState);
  EXPECT_THROW(storage.data_revision({}, call_), WrongState);
  EXPECT_EQ(storage.health({}, call_).state, HealthState::down);
  EXPECT_FALSE(std::filesystem::exists(path())) << "making an instance touches nothing";
}

}  // namespace
}  // namespace testarena::sqlite
