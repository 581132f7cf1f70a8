// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <testarena/error.h>

#include "temporary_folder.h"

namespace testarena {
namespace {

unsigned modeOf(const std::filesystem::path& file) {
  struct stat about {};
  return ::stat(file.c_str(), &about) == 0 ? about.st_mode & 07777U : 0;
}

std::size_t entries(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(Files, readsWhatIsThereAndNamesWhatIsNot) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(readFile(folder.write("a", std::string("x\0y", 3))), std::string("x\0y", 3));
  EXPECT_THROW(readFile(folder.path() / "missing"), NotFound);
  EXPECT_THROW(readFile(folder.path() / "a" / "b"), NotFound);
  EXPECT_THROW(readFile(folder.path()), Invalid);
  EXPECT_THROW(readFile(folder.write("big", std::string(1000, 'x')), 999), Invalid);
  EXPECT_EQ(readFile(folder.write("just", std::string(999, 'x')), 999).size(), 999U);
}

TEST(Files, aNamedPipeIsRefusedAndNotWaitedFor) {
  const test::TemporaryFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(readFile(pipe), Invalid);
}

TEST(Files, writingReplacesWithTheModeAskedForAndLeavesNothingElse) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("state", "old");
  const mode_t before = ::umask(077);
  writeFileAtomically(file, "new", 0640);
  ::umask(before);
  EXPECT_EQ(readFile(file), "new");
  EXPECT_EQ(modeOf(file), 0640U);
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(Files, aWriteThatFailsKeepsTheOldContentAndCleansUp) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "target");
  folder.write("target/inside", "x");  // a folder with something in it cannot be replaced by a file
  EXPECT_THROW(writeFileAtomically(folder.path() / "target", "new"), Unavailable);
  EXPECT_EQ(entries(folder.path()), 1U);
  EXPECT_THROW(writeFileAtomically(folder.path() / "missing" / "file", "x"), Unavailable);
}

TEST(Files, privateFoldersAreForTheOwnerAlone) {
  const test::TemporaryFolder folder;
  const auto deep = folder.path() / "a" / "b";
  makePrivateFolder(deep);
  EXPECT_EQ(modeOf(deep), 0700U);
  EXPECT_EQ(modeOf(folder.path() / "a"), 0700U);
  makePrivateFolder(deep);
  folder.write("file", "x");
  EXPECT_THROW(makePrivateFolder(folder.path() / "file"), Invalid);
  EXPECT_THROW(makePrivateFolder(folder.path() / "file" / "below"), Unavailable);
}

TEST(Files, saysWhyOthersCanRead) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(readableByOthers(folder.write("a", "x", 0600)), "");
  EXPECT_EQ(readableByOthers(folder.write("b", "x", 0640)), "");
  EXPECT_NE(readableByOthers(folder.write("c", "x", 0644)).find("0644"), std::string::npos);
  EXPECT_EQ(readableByOthers(folder.path() / "missing"), "");
}

TEST(Files, aLockIsHeldAgainstThisAndOtherProcessesAndEndsWithItsOwner) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "lock";
  {
    const FileLock lock(file);
    try {
      const FileLock second(file);
      FAIL() << "locked twice";
    } catch (const Conflict& error) {
      EXPECT_NE(std::string(error.what()).find("process " + std::to_string(::getpid())), std::string::npos)
          << error.what();
    }
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        const FileLock other(file);
        ::_exit(1);
      } catch (const Conflict&) {
        ::_exit(0);
      }
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_NO_THROW(FileLock{file});
}

TEST(Files, aLockThatADeadProcessHasLeftToItsChildIsWaitedFor) {
  const test::TemporaryFolder folder;
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  const auto file = folder.write("lock", std::to_string(dead) + "\n");
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t heir = ::fork();
  if (heir == 0) {
    const bool isHeld = ::flock(::open(file.c_str(), O_RDWR), LOCK_EX | LOCK_NB) == 0;
    const bool isTold = ::write(told[1], isHeld ? "y" : "n", 1) == 1;
    ::usleep(300'000);
    ::_exit(isTold ? 0 : 1);
  }
  char isHeld = 0;
  ASSERT_EQ(::read(told[0], &isHeld, 1), 1);
  ASSERT_EQ(isHeld, 'y');
  EXPECT_NO_THROW(FileLock{file});
  ::waitpid(heir, nullptr, 0);
  ::close(told[0]);
  ::close(told[1]);
}

TEST(Files, aDescriptorClosesOnceAndIsNotInherited) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("a", "x");
  int number = -1;
  {
    FileDescriptor first(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    number = first.get();
    FileDescriptor second = std::move(first);
    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_EQ(second.get(), number);
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

}  // namespace
}  // namespace testarena
