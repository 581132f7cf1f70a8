// SPDX-License-Identifier: Apache-2.0
#include "kept_files.h"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "file_time.h"
#include "temporary_folder.h"

namespace testarena::local_executor {
namespace {

namespace fs = std::filesystem;

class KeptFiles : public testing::Test {
 protected:
  KeptFiles() { fs::create_directories(checkout); }

  void keep(const std::vector<std::string>& globs, int64_t after = 0) { keepFiles(checkout, globs, after, target); }

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

TEST_F(KeptFiles, whatWasThereBeforeIsNotOfThisRunHoweverShortlyBefore) {
  test::writeFile(checkout / "old.log", "old");
  test::writeFile(folder / "mark", "");
  passTick(folder / "mark");
  test::writeFile(checkout / "new.log", "new");
  keep({"*.log"}, changedAt(folder / "mark"));
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
