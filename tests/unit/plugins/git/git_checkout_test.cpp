// SPDX-License-Identifier: Apache-2.0
#include "git_checkout.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "git_repository.h"
#include "temporary_folder.h"
#include "test_repository.h"

namespace testarena::git {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const Call kPatient(1min);

class GitCheckoutTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
  test::TestRepository origin_{folder_ / "origin"};
  fs::path checkout_ = folder_ / "checkout";

  Repository repository() {
    RepositorySettings settings;
    settings.repository = origin_.path().string();
    return Repository(settings);
  }

  void checkOutCommit(const std::string& commit) { repository().checkout(commit, checkout_, kPatient); }

  /// As a test would ask git in its checkout.
  std::string gitInCheckout(const std::vector<std::string>& arguments) {
    process::Program program;
    program.argv = {"/usr/bin/git"};
    program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
    program.environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent",    "GIT_AUTHOR_NAME=a",
                           "GIT_AUTHOR_EMAIL=a", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a"};
    program.folder = checkout_.string();
    const process::Finished finished = process::run(program, kPatient);
    return finished.output + finished.error_output;
  }
};

TEST_F(GitCheckoutTest, hasTheFilesOfTheCommit) {
  origin_.write("run.sh", "#!/bin/sh\n");
  fs::permissions(origin_.path() / "run.sh", fs::perms::owner_all);
  origin_.write("deep/er/file", "old");
  fs::create_symlink("deep", origin_.path() / "link");
  const std::string old = origin_.commit("old");
  origin_.write("deep/er/file", "new");
  origin_.write("later", "later");
  origin_.commit("new");
  checkOutCommit(old);
  EXPECT_EQ(test::readFile(checkout_ / "deep/er/file"), "old");
  EXPECT_FALSE(fs::exists(checkout_ / "later"));
  EXPECT_NE(fs::status(checkout_ / "run.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_EQ(fs::read_symlink(checkout_ / "link"), "deep");
}

TEST_F(GitCheckoutTest, looksLikeARepositoryOfTheCommit) {
  origin_.write("a", "a");
  const std::string one = origin_.commit("one");
  origin_.tag("v1.0");
  origin_.write("a", "b");
  const std::string two = origin_.commit("two");
  checkOutCommit(two);
  EXPECT_EQ(gitInCheckout({"rev-parse", "HEAD"}), two + "\n");
  EXPECT_EQ(gitInCheckout({"status", "--porcelain"}), "");
  EXPECT_EQ(gitInCheckout({"log", "--format=%s"}), "two\none\n");
  EXPECT_EQ(gitInCheckout({"describe", "--tags"}), "v1.0-1-g" + two.substr(0, 7) + "\n");
  EXPECT_EQ(gitInCheckout({"diff", "--name-only", one}), "a\n");
}

TEST_F(GitCheckoutTest, nothingDoneThereReachesTheRepository) {
  origin_.write("a", "a");
  const std::string one = origin_.commit("one");
  checkOutCommit(one);
  test::writeFile(checkout_ / "a", "changed");
  gitInCheckout({"commit", "--all", "--message", "mine"});
  gitInCheckout({"branch", "mine"});
  gitInCheckout({"tag", "mine"});
  EXPECT_EQ(origin_.git({"for-each-ref", "--format=%(refname)"}), "refs/heads/main");
  EXPECT_EQ(origin_.git({"status", "--porcelain"}), "");
  EXPECT_EQ(origin_.git({"rev-parse", "HEAD"}), one);
}

TEST_F(GitCheckoutTest, runsNothingTheCommitAsksFor) {
  const fs::path canary = folder_ / "canary";
  origin_.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n*.txt filter=evil\n");
  origin_.write("big.bin", "version https://git-lfs.github.com/spec/v1\n");
  origin_.write("a.txt", "a");
  origin_.write(".gitmodules", "[submodule \"x\"]\n path = x\n url = file://" + (folder_ / "nowhere").string() + "\n");
  origin_.git({"update-index", "--add", "--cacheinfo", "160000," + std::string(40, '1') + ",x"});
  const std::string one = origin_.commit("one");
  origin_.git({"config", "filter.evil.smudge", "touch " + canary.string()});
  origin_.git({"config", "filter.lfs.smudge", "touch " + canary.string()});
  test::writeFile(origin_.path() / ".git/hooks/post-checkout", "#!/bin/sh\ntouch " + canary.string() + "\n");
  fs::permissions(origin_.path() / ".git/hooks/post-checkout", fs::perms::owner_all);
  checkOutCommit(one);
  EXPECT_FALSE(fs::exists(canary));
  EXPECT_EQ(test::readFile(checkout_ / "big.bin"), "version https://git-lfs.github.com/spec/v1\n");
  EXPECT_FALSE(fs::exists(checkout_ / ".git/hooks"));
}

TEST_F(GitCheckoutTest, takesAnEmptyCommit) {
  checkOutCommit(origin_.commit("nothing"));
  EXPECT_EQ(gitInCheckout({"log", "--format=%s"}), "nothing\n");
}

TEST_F(GitCheckoutTest, takesAShallowRepository) {
  origin_.commit("one");
  origin_.write("a", "a");
  const std::string two = origin_.commit("two");
  origin_.git({"clone", "--quiet", "--bare", "--depth=1", "file://" + origin_.path().string(),
               (folder_ / "shallow.git").string()});
  RepositorySettings settings;
  settings.repository = (folder_ / "shallow.git").string();
  Repository(settings).checkout(two, checkout_, kPatient);
  EXPECT_EQ(gitInCheckout({"log", "--format=%s"}), "two\n");
}

TEST_F(GitCheckoutTest, goesIntoANewFolderOnly) {
  const std::string one = origin_.commit("one");
  test::writeFile(checkout_ / "mine", "mine");
  EXPECT_THROW(checkOutCommit(one), Conflict);
  EXPECT_EQ(test::readFile(checkout_ / "mine"), "mine");
  EXPECT_THROW(repository().checkout(one, folder_ / "no/such/parent", kPatient), Unavailable);
}

TEST_F(GitCheckoutTest, leavesNoFolderWhenItFails) {
  origin_.write("a", "a");
  const std::string one = origin_.commit("one");
  const std::string blob = origin_.git({"rev-parse", "HEAD:a"});
  fs::remove(origin_.path() / ".git/objects" / blob.substr(0, 2) / blob.substr(2));
  EXPECT_THROW(checkOutCommit(one), Unavailable);
  EXPECT_FALSE(fs::exists(checkout_));
}

}  // namespace
}  // namespace testarena::git
