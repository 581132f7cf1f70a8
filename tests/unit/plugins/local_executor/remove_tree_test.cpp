// SPDX-License-Identifier: Apache-2.0
#include "remove_tree.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace testarena::local_executor {
namespace {

namespace fs = std::filesystem;

class RemoveTree : public testing::Test {
 protected:
  const test::TemporaryFolder folder;
  const fs::path tree = folder / "tree";
};

TEST_F(RemoveTree, removesReadOnlyFoldersAndFiles) {
  test::writeFile(tree / "a/b/file", "x");
  chmod((tree / "a/b/file").c_str(), 0);
  chmod((tree / "a/b").c_str(), 0500);
  chmod((tree / "a").c_str(), 0);
  removeTree(tree);
  EXPECT_FALSE(fs::exists(tree));
}

TEST_F(RemoveTree, linksAreRemovedAndWhatTheyPointToStays) {
  test::writeFile(folder / "outside/precious", "x");
  fs::create_directories(tree / "sub");
  fs::create_symlink(folder / "outside", tree / "link");
  fs::create_symlink(folder / "outside/precious", tree / "sub/link");
  fs::create_symlink("..", tree / "sub/up");
  fs::create_hard_link(folder / "outside/precious", tree / "hard");
  removeTree(tree);
  EXPECT_FALSE(fs::exists(tree));
  EXPECT_EQ(test::readFile(folder / "outside/precious"), "x");
}

TEST_F(RemoveTree, aLinkInThePlaceOfTheFolderIsNotFollowed) {
  test::writeFile(folder / "outside/precious", "x");
  fs::create_symlink(folder / "outside", tree);
  EXPECT_THROW(removeTree(tree), std::system_error);
  EXPECT_EQ(test::readFile(folder / "outside/precious"), "x");
}

TEST_F(RemoveTree, depthIsNoObstacle) {
  constexpr int kDepth = 3000;  // far more than descriptors or a path may have
  fs::create_directories(tree);
  const fs::path before = fs::current_path();
  fs::current_path(tree);
  for (int i = 0; i < kDepth; ++i) {
    ASSERT_EQ(mkdir("deeper", 0700), 0);
    ASSERT_EQ(chdir("deeper"), 0);
  }
  fs::current_path(before);
  removeTree(tree);
  EXPECT_FALSE(fs::exists(tree));
}

TEST_F(RemoveTree, namesOfAnyBytesAndOtherKindsOfFiles) {
  fs::create_directories(tree);
  for (const char* name : {"\xff\xfe", "a\nb", " ", "-rf", "*", ".hidden"}) test::writeFile(tree / name, "x");
  ASSERT_EQ(mkfifo((tree / "fifo").c_str(), 0600), 0);
  removeTree(tree);
  EXPECT_FALSE(fs::exists(tree));
}

TEST_F(RemoveTree, whatIsNotThereIsNoError) {
  EXPECT_NO_THROW(removeTree(tree));
}

}  // namespace
}  // namespace testarena::local_executor
