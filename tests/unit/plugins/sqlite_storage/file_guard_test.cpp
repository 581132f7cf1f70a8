// SPDX-License-Identifier: Apache-2.0
#include "file_guard.h"

#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "child.h"
#include "quiet_host.h"
#include "sqlite_storage.h"
#include "temporary_folder.h"

namespace testarena::sqlite {
namespace {

using testing::HasSubstr;

class FileGuards : public testing::Test {
 protected:
  std::string path(const std::string& name = "testarena.db") { return (folder_.path() / name).string(); }

  static std::string refusal(const std::string& path) {
    try {
      const FileGuard guard(path);
      return "none";
    } catch (const Unavailable& error) {
      return error.what();
    }
  }

  mode_t modeOf(const std::string& path) {
    struct stat status = {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
  }

  test::TemporaryFolder folder_;
};

TEST_F(FileGuards, theSecondProcessIsToldWhoTheFirstIs) {
  test::StorageChild first("hold", folder_.path().string());
  ASSERT_EQ(first.line(), "open");
  char host[256] = "";
  gethostname(host, sizeof host - 1);

  const auto before = std::chrono::steady_clock::now();
  const std::string text = refusal(path());
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(1));
  EXPECT_THAT(text, HasSubstr("process " + std::to_string(first.pid())));
  EXPECT_THAT(text, HasSubstr(host));
  EXPECT_THAT(text, HasSubstr(path()));

  first.closeInput();
  first.wait();
  EXPECT_EQ(refusal(path()), "none") << "the lock ends with its process";
}

TEST_F(FileGuards, aKilledProcessHoldsNothing) {
  test::StorageChild first("hold", folder_.path().string());
  ASSERT_EQ(first.line(), "open");
  first.kill();
  EXPECT_EQ(refusal(path()), "none");
}

TEST_F(FileGuards, whatAKilledProcessWasAboutToStartIsWaitedFor) {
  const pid_t dead = fork();
  if (dead == 0) _exit(0);
  waitpid(dead, nullptr, 0);
  const std::string lock =
      folder_.write("testarena.db.lock", "process " + std::to_string(dead) + " on host here\n").string();
  int told[2];
  ASSERT_EQ(pipe(told), 0);
  const pid_t heir = fork();
  if (heir == 0) {
    const bool isHeld = flock(open(lock.c_str(), O_RDWR), LOCK_EX | LOCK_NB) == 0;
    const bool isTold = write(told[1], isHeld ? "y" : "n", 1) == 1;
    usleep(300'000);
    _exit(isTold ? 0 : 1);
  }
  char isHeld = 0;
  ASSERT_EQ(read(told[0], &isHeld, 1), 1);
  ASSERT_EQ(isHeld, 'y');
  EXPECT_EQ(refusal(path()), "none");
  waitpid(heir, nullptr, 0);
  close(told[0]);
  close(told[1]);
}

TEST_F(FileGuards, theSameProcessCannotOpenItTwiceEither) {
  const FileGuard guard(path());
  EXPECT_THAT(refusal(path()), HasSubstr("process " + std::to_string(getpid())));
  EXPECT_EQ(refusal(path("other.db")), "none");
}

TEST_F(FileGuards, aStorageThatEndsGivesTheFileBack) {
  Call call(std::chrono::minutes(1));
  for (int round = 0; round < 3; ++round) {
    SqliteStorage storage({"testarena.db", folder_.path().string()}, test::quietHost());
    EXPECT_NO_THROW(storage.open({}, call));
  }
}

TEST_F(FileGuards, aStorageThatCannotOpenGivesTheFileBack) {
  Call call(std::chrono::minutes(1));
  SqliteStorage storage({"testarena.db", folder_.path().string()}, test::quietHost());
  EXPECT_THROW(storage.open({false}, call), WrongState) << "an empty database is older than any schema";
  EXPECT_EQ(refusal(path()), "none");
  EXPECT_NO_THROW(storage.open({}, call)) << "and may try again";
}

TEST_F(FileGuards, aMissingFolderIsToldAtOnce) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THAT(refusal(path("no/such/testarena.db")), HasSubstr((folder_.path() / "no/such").string()));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(1));
}

TEST_F(FileGuards, allFilesAreForTheOwnerAlone) {
  const mode_t mask = umask(0);
  Call call(std::chrono::minutes(1));
  SqliteStorage storage({"testarena.db", folder_.path().string()}, test::quietHost());
  storage.open({}, call);
  umask(mask);
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) EXPECT_EQ(modeOf(path() + suffix), 0600U) << suffix;
}

TEST_F(FileGuards, theLockIsNoLinkToSomewhereElse) {
  const std::string target = folder_.write("precious", "content").string();
  ASSERT_EQ(symlink(target.c_str(), (path() + ".lock").c_str()), 0);
  EXPECT_THAT(refusal(path()), HasSubstr("lock file"));
  EXPECT_EQ(std::filesystem::file_size(target), 7U);
}

TEST(UnsafeFileSystem, networkAndUserSpaceFileSystemsAreRefused) {
  EXPECT_TRUE(unsafeFileSystem(0x6969));                         // NFS_SUPER_MAGIC
  EXPECT_TRUE(unsafeFileSystem(0x517B));                         // SMB_SUPER_MAGIC
  EXPECT_TRUE(unsafeFileSystem(static_cast<long>(0xFF534D42)));  // CIFS_SUPER_MAGIC
  EXPECT_TRUE(unsafeFileSystem(static_cast<int>(0xFE534D42U)));  // SMB2, as a 32-bit kernel gives it
  EXPECT_TRUE(unsafeFileSystem(0x65735546));                     // FUSE_SUPER_MAGIC
  for (const long local :
       {0xEF53L, 0x9123683EL, 0x58465342L, 0x01021994L, 0x794C7630L}) {  // ext4 btrfs xfs tmpfs overlay
    EXPECT_FALSE(unsafeFileSystem(local)) << std::hex << local;
  }
}

TEST(SqlitePath, isRelativeToTheDataFolder) {
  EXPECT_NO_THROW(SqliteStorage({"x.db", "/data"}, test::quietHost()));
  EXPECT_NO_THROW(SqliteStorage({"/elsewhere/x.db", ""}, test::quietHost()));
  EXPECT_THROW(SqliteStorage({"x.db", ""}, test::quietHost()), Invalid);
  EXPECT_THROW(SqliteStorage({"", "/data"}, test::quietHost()), Invalid);
}

}  // namespace
}  // namespace testarena::sqlite
