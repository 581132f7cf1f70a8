// SPDX-License-Identifier: Apache-2.0
#include "git_repository.h"

#include <chrono>
#include <string>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "recording_git.h"
#include "temporary_folder.h"
#include "test_repository.h"

namespace testarena::git {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Call kPatient(1min);

/// A repository read in place. What needs a mirror is in git_mirror_test.cpp.
class GitRepositoryTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
  test::RecordingGit recorder_{folder_.path()};
  test::TestRepository origin_{folder_ / "origin"};
  Repository repository_{settings()};

  RepositorySettings settings() {
    RepositorySettings settings;
    settings.repository = origin_.path().string();
    settings.git = recorder_.program();
    return settings;
  }
};

TEST_F(GitRepositoryTest, resolvesABranch) {
  const std::string id = origin_.commit("Add the first scenario\n\nAnd say why.");
  const auto commit = repository_.resolve("main", kPatient);
  ASSERT_TRUE(commit);
  EXPECT_EQ(commit->id, id);
  EXPECT_EQ(commit->author, "Ada Lovelace");
  EXPECT_EQ(commit->subject, "Add the first scenario");
  EXPECT_EQ(commit->committed_at.time_since_epoch(), 1767225600s);
}

TEST_F(GitRepositoryTest, followsTheBranch) {
  origin_.commit("one");
  repository_.resolve("main", kPatient);
  const std::string two = origin_.commit("two");
  EXPECT_EQ(repository_.resolve("main", kPatient)->id, two);
}

TEST_F(GitRepositoryTest, resolvesNothingButBranches) {
  origin_.commit("one");
  origin_.tag("v1");
  origin_.git({"update-ref", "refs/remotes/origin/far", "HEAD"});
  origin_.git({"update-ref", "refs/heads/group/one", "HEAD"});
  const std::string id = origin_.git({"rev-parse", "HEAD"});
  for (const std::string& name :
       {std::string("v1"), std::string("far"), std::string("origin/far"), std::string("group"), std::string("mai"),
        std::string("tags/v1"), std::string("heads/main"), id, id.substr(0, 8)}) {
    EXPECT_FALSE(repository_.resolve(name, kPatient)) << name;
  }
  EXPECT_TRUE(repository_.resolve("group/one", kPatient));
}

TEST_F(GitRepositoryTest, aBranchWinsOverATagOfItsName) {
  origin_.commit("one");
  origin_.tag("release");
  const std::string two = origin_.commit("two");
  origin_.branch("release");
  EXPECT_EQ(repository_.resolve("release", kPatient)->id, two);
}

TEST_F(GitRepositoryTest, hostileNamesNeverReachGit) {
  origin_.commit("one");
  recorder_.calls();
  for (const std::string& name : {std::string("--upload-pack=touch CANARY"),
                                  std::string("-oProxyCommand=x"),
                                  std::string("--output=/x"),
                                  std::string("a..b"),
                                  std::string("a@{1}"),
                                  std::string("HEAD"),
                                  std::string("refs/heads/main"),
                                  std::string("x.lock"),
                                  std::string(".x"),
                                  std::string("a//b"),
                                  std::string("x\ny"),
                                  std::string("$(id)"),
                                  std::string("`id`"),
                                  std::string("';id;'"),
                                  std::string("x y"),
                                  std::string("a\xe2\x80\xae"
                                              "b"),
                                  std::string(4096, 'a'),
                                  std::string(),
                                  std::string("main\0x", 6),
                                  std::string("mai*"),
                                  std::string("mai?")}) {
    EXPECT_THROW(repository_.resolve(name, kPatient), Invalid) << name;
  }
  EXPECT_THAT(recorder_.calls(), IsEmpty());
}

TEST_F(GitRepositoryTest, onlyTheObjectNameIsUsedAfterTheListing) {
  const std::string id = origin_.commit("one");
  recorder_.calls();
  repository_.resolve("main", kPatient);
  const std::string here = "--git-dir=" + (origin_.path() / ".git").string();
  EXPECT_THAT(recorder_.calls(),
              ElementsAre(ElementsAre(here, "for-each-ref", "--format=%(objectname)%09%(refname)", "refs/heads/main"),
                          ElementsAre(here, "rev-list", "--max-count=1", "--no-commit-header", "--encoding=UTF-8",
                                      "--format=%an%x00%ct%x00%s%x00", "--end-of-options", id, "--")));
}

TEST_F(GitRepositoryTest, commitsThatAreNoneAreRefused) {
  const std::string id = origin_.commit("one");
  for (const std::string& commit : {std::string("main"), std::string("HEAD"), std::string("--all"), id.substr(0, 39),
                                    std::string(), id + "^", id + ":x"}) {
    EXPECT_THROW(repository_.files(commit, kPatient), Invalid) << commit;
    EXPECT_THROW(repository_.find(commit, "a", kPatient), Invalid) << commit;
    EXPECT_THROW(repository_.contains(id, commit, kPatient), Invalid) << commit;
    EXPECT_THROW(repository_.checkout(commit, folder_ / "checkout", kPatient), Invalid) << commit;
  }
  const std::string unknown(40, '1');
  EXPECT_THROW(repository_.files(unknown, kPatient), NotFound);
  EXPECT_THROW(repository_.find(unknown, "a", kPatient), NotFound);
  EXPECT_THROW(repository_.checkout(unknown, folder_ / "checkout", kPatient), NotFound);
  EXPECT_FALSE(repository_.contains(id, unknown, kPatient));
}

TEST_F(GitRepositoryTest, aTreeIsNoCommit) {
  origin_.write("a", "a");
  origin_.commit("one");
  const std::string tree = origin_.git({"rev-parse", "HEAD^{tree}"});
  EXPECT_THROW(repository_.files(tree, kPatient), NotFound);
}

TEST_F(GitRepositoryTest, knowsAncestors) {
  const std::string one = origin_.commit("one");
  const std::string two = origin_.commit("two");
  EXPECT_TRUE(repository_.contains(two, one, kPatient));
  EXPECT_TRUE(repository_.contains(two, two, kPatient));
  EXPECT_FALSE(repository_.contains(one, two, kPatient));
}

TEST_F(GitRepositoryTest, listsBranchesThatCanBeChosen) {
  origin_.commit("one");
  for (const char* name : {"feature/b", "feature/a", "feature-c", "zeta", "umlaut\xc3\xa4", "a|b", "$(id)"}) {
    origin_.branch(name);
  }
  origin_.tag("feature/tag");
  EXPECT_THAT(repository_.branches("", 0s, kPatient),
              ElementsAre("feature-c", "feature/a", "feature/b", "main", "zeta"));
  EXPECT_THAT(repository_.branches("feature/", 0s, kPatient), ElementsAre("feature/a", "feature/b"));
  EXPECT_THAT(repository_.branches("*", 0s, kPatient), IsEmpty());
  EXPECT_THAT(repository_.branches("--help", 0s, kPatient), IsEmpty());
}

TEST_F(GitRepositoryTest, listsFilesOfACommitNotOfTheWorkTree) {
  origin_.write("b/deep/er.sh", "x");
  origin_.write("a b\n\"c\".txt", "x");
  origin_.write("b.txt", "x");
  std::filesystem::create_symlink("b.txt", origin_.path() / "link");
  const std::string id = origin_.commit("one");
  origin_.write("later", "x");
  std::vector<std::string> paths;
  for (const File& file : repository_.files(id, kPatient)) {
    paths.push_back(file.path);
    EXPECT_EQ(file.kind, file.path == "link" ? FileKind::symbolic_link : FileKind::regular);
  }
  EXPECT_THAT(paths, ElementsAre("a b\n\"c\".txt", "b.txt", "b/deep/er.sh", "link"));
}

TEST_F(GitRepositoryTest, readsAFile) {
  const std::string bytes("a\0b\r\n\xff", 6);
  origin_.write("folder/file", bytes);
  origin_.write(".gitattributes", "* text=auto ident\n");
  std::filesystem::create_symlink("/etc/passwd", origin_.path() / "link");
  const std::string id = origin_.commit("one");
  const auto file = repository_.find(id, "folder/file", kPatient);
  ASSERT_TRUE(file);
  EXPECT_EQ(repository_.content(*file, 6, kPatient), bytes);
  EXPECT_THROW(repository_.content(*file, 5, kPatient), Invalid);
  EXPECT_THROW(repository_.content(*repository_.find(id, "link", kPatient), 100, kPatient), Invalid);
  for (const char* path : {"folder", "folder/", "folder/fil", "*", "../x", "/etc/passwd", "--help", ""}) {
    EXPECT_FALSE(repository_.find(id, path, kPatient)) << path;
  }
}

TEST_F(GitRepositoryTest, hostileCommitsAreShownAsText) {
  origin_.git({"-c", "i18n.commitEncoding=ISO-8859-1", "commit", "--allow-empty", "--quiet", "-m", "caf\xe9"});
  EXPECT_EQ(repository_.resolve("main", kPatient)->subject, "caf\xc3\xa9");
  const std::string tree = origin_.git({"write-tree"});
  origin_.git({"update-ref", "refs/heads/odd",
               origin_.git({"-c", "user.name=\xff\xfe", "commit-tree", tree, "-m", "bad \xff bytes"})});
  const auto odd = repository_.resolve("odd", kPatient);
  EXPECT_TRUE(isUtf8(odd->subject));
  EXPECT_TRUE(isUtf8(odd->author));
  EXPECT_THAT(odd->subject, HasSubstr("bytes"));
}

TEST_F(GitRepositoryTest, readsABareOneAndALinkedWorkTree) {
  const std::string id = origin_.commit("one");
  origin_.git({"clone", "--quiet", "--bare", ".", (folder_ / "bare.git").string()});
  origin_.git({"worktree", "add", "--quiet", "-b", "other", (folder_ / "linked").string()});
  for (const char* name : {"bare.git", "linked"}) {
    RepositorySettings settings;
    settings.repository = (folder_ / name).string();
    Repository repository(settings);
    EXPECT_EQ(repository.resolve("main", kPatient)->id, id) << name;
    repository.checkout(id, folder_ / (std::string("checkout-") + name), kPatient);
  }
}

TEST_F(GitRepositoryTest, readsARepositoryWithSha256) {
  test::TestRepository modern(folder_ / "modern");
  std::filesystem::remove_all(modern.path() / ".git");
  modern.git({"init", "--quiet", "--initial-branch=main", "--object-format=sha256"});
  modern.write("a", "a");
  const std::string id = modern.commit("one");
  ASSERT_EQ(id.size(), 64u);
  RepositorySettings settings;
  settings.repository = modern.path().string();
  Repository repository(settings);
  EXPECT_EQ(repository.resolve("main", kPatient)->id, id);
  EXPECT_EQ(repository.files(id, kPatient).size(), 1u);
  repository.checkout(id, folder_ / "checkout", kPatient);
  EXPECT_EQ(test::readFile(folder_ / "checkout/a"), "a");
}

TEST_F(GitRepositoryTest, readsARepositoryOfSomebodyElse) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  const std::string id = origin_.commit("one");
  ASSERT_EQ(chown(origin_.path().c_str(), 12345, 12345), 0);
  ASSERT_EQ(chown((origin_.path() / ".git").c_str(), 12345, 12345), 0);
  EXPECT_EQ(repository_.resolve("main", kPatient)->id, id);
  EXPECT_THAT(repository_.branches("", 0s, kPatient), ElementsAre("main"));
  repository_.files(id, kPatient);
  repository_.checkout(id, folder_ / "checkout", kPatient);
}

TEST_F(GitRepositoryTest, whatCannotBeReadIsUnavailable) {
  const std::string id = origin_.commit("one");
  std::filesystem::rename(origin_.path(), folder_ / "away");
  const std::string expected = "the repository " + origin_.path().string() + " cannot be read";
  for (int i = 0; i < 2; ++i) {
    try {
      repository_.resolve("main", kPatient);
      FAIL();
    } catch (const Unavailable& error) {
      EXPECT_THAT(error.what(), HasSubstr(expected));
    }
    EXPECT_THROW(repository_.files(id, kPatient), Unavailable);
    EXPECT_THROW(repository_.branches("", 0s, kPatient), Unavailable);
    EXPECT_THROW(repository_.contains(id, id, kPatient), Unavailable);
    EXPECT_THROW(repository_.checkout(id, folder_ / "checkout", kPatient), Unavailable);
    EXPECT_THROW(repository_.probe(kPatient), Unavailable);
    std::filesystem::create_directory(origin_.path());  // the second time: there, but no repository
  }
}

// A folder that is no repository itself must not be taken for a part of one around it.
TEST_F(GitRepositoryTest, doesNotLookIntoTheFoldersAbove) {
  origin_.commit("one");
  std::filesystem::create_directory(origin_.path() / "inner");
  RepositorySettings settings;
  settings.repository = (origin_.path() / "inner").string();
  EXPECT_THROW(Repository(settings).resolve("main", kPatient), Unavailable);
}

TEST_F(GitRepositoryTest, anEmptyRepositoryHasNoBranches) {
  EXPECT_FALSE(repository_.resolve("main", kPatient));
  EXPECT_THAT(repository_.branches("", 0s, kPatient), IsEmpty());
  EXPECT_THAT(repository_.probe(kPatient), testing::StartsWith("2."));
}

TEST_F(GitRepositoryTest, neverWritesToTheRepository) {
  origin_.write("a", "a");
  const std::string id = origin_.commit("one");
  const auto snapshot = [&] {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(origin_.path())) {
      all += entry.path().string() + "\n";
      if (entry.is_regular_file()) all += test::readFile(entry.path());
    }
    return all;
  };
  const std::string before = snapshot();
  repository_.resolve("main", kPatient);
  repository_.branches("", 0s, kPatient);
  repository_.contains(id, id, kPatient);
  repository_.content(*repository_.find(id, "a", kPatient), 10, kPatient);
  repository_.files(id, kPatient);
  repository_.checkout(id, folder_ / "checkout", kPatient);
  repository_.probe(kPatient);
  EXPECT_EQ(snapshot(), before);
}

}  // namespace
}  // namespace testarena::git
