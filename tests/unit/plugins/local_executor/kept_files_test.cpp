// SPDX-License-Identifier: Apache-2.0
#include "kept_files.h"

#include <chrono>
#include <sys/stat.h>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace testarena::local_executor {
namespace {

namespace fs = std::filesystem;

class KeptFiles : public testing::Test {
 protected:
  KeptFiles() { fs::create_directories(checkout); }

  void keep(const std::vector<std::string>& globs, int64_t since = 0) { keepFiles(checkout, globs, since, target); }

  std::vector<std::string> kept() {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(target)) {
      if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), target).string());
    }
    return names;
  }

  const test::TemporaryFolder folder;
  const fs::path checkout = folder / "checkout";
  const fs::path target = folder / "kept";
};

TEST_F(KeptFiles, whatMatchesIsCopiedUnderItsName) {
  test::writeFile(checkout / "build/a.log", "a");
  test::writeFile(checkout / "build/sub/b.log", std::string(3'000'000, 'b'));
  test::writeFile(checkout / "build/c.txt", "c");
  test::writeFile(checkout / "top.log", "t");
  test::writeFile(checkout / "r/x/y/z.xml", "z");
  keep({"build/*.log", "r/**/*.xml", "build/sub/b.log", "build/*.log"});
  EXPECT_THAT(kept(), testing::UnorderedElementsAre("build/a.log", "build/sub/b.log", "r/x/y/z.xml"));
  EXPECT_EQ(test::readFile(target / "build/sub/b.log"), std::string(3'000'000, 'b'));
}

TEST_F(KeptFiles, whatWasThereBeforeIsNotOfThisRun) {
  test::writeFile(checkout / "old.log", "old");
  struct stat status = {};
  ASSERT_EQ(stat((checkout / "old.log").c_str(), &status), 0);
  const int64_t after = int64_t{status.st_ctim.tv_sec} * 1'000'000 + status.st_ctim.tv_nsec / 1000 + 1;
  do {  // until the clock of the file system has moved on
    test::writeFile(checkout / "new.log", "new");
    ASSERT_EQ(stat((checkout / "new.log").c_str(), &status), 0);
  } while (int64_t{status.st_ctim.tv_sec} * 1'000'000 + status.st_ctim.tv_nsec / 1000 < after);
  keep({"*.log"}, after);
  EXPECT_THAT(kept(), testing::ElementsAre("new.log"));
}

TEST_F(KeptFiles, linksAreNeitherFollowedNorCopied) {
  test::writeFile(folder / "outside/secret.log", "secret");
  fs::create_symlink(folder / "outside", checkout / "out");
  fs::create_symlink(folder / "outside/secret.log", checkout / "link.log");
  ASSERT_EQ(mkfifo((checkout / "fifo.log").c_str(), 0600), 0);
  keep({"out/*.log", "*.log", "**/*.log"});
  EXPECT_THAT(kept(), testing::IsEmpty());
}

TEST_F(KeptFiles, aSecondTimeChangesNothing) {
  test::writeFile(checkout / "a.log", "first");
  keep({"*.log"});
  test::writeFile(checkout / "a.log", "second");
  keep({"*.log"});
  EXPECT_EQ(test::readFile(target / "a.log"), "first");
}

TEST_F(KeptFiles, halfACopyOfAnEarlierLifeIsNotTakenForAWhole) {
  test::writeFile(folder / "kept.draft/half", "x");
  test::writeFile(checkout / "a.log", "a");
  keep({"*.log"});
  EXPECT_THAT(kept(), testing::ElementsAre("a.log"));
}

}  // namespace
}  // namespace testarena::local_executor
