// SPDX-License-Identifier: Apache-2.0
// Repositories that are given by a URL, here file://, and so are read from a mirror.
#include "git_mirror.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "git_repository.h"
#include "recording_git.h"
#include "repository_address.h"
#include "temporary_folder.h"
#include "test_repository.h"

namespace testarena::git {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

const Call kPatient(1min);

class GitMirrorTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
  test::RecordingGit recorder_{folder_.path()};
  test::TestRepository origin_{folder_ / "origin"};
  Repository repository_{settings()};

  RepositorySettings settings() {
    RepositorySettings settings;
    settings.repository = "file://" + origin_.path().string();
    settings.mirrors = folder_ / "data/mirrors";
    settings.git = recorder_.program();
    return settings;
  }

  fs::path mirror() {
    return settings().mirrors / (mirrorName(parseRepositoryAddress(settings().repository)) + ".git");
  }

  /// The second word of each call of git since the last time: what it was asked to do in the mirror.
  std::vector<std::string> commands() {
    std::vector<std::string> commands;
    for (const std::vector<std::string>& call : recorder_.calls()) {
      commands.push_back(call[0].substr(0, 10) == "--git-dir=" ? call[1] : call[0]);
    }
    return commands;
  }
};

TEST_F(GitMirrorTest, resolvesWhatTheRemoteHasNow) {
  const std::string one = origin_.commit("one");
  EXPECT_EQ(repository_.resolve("main", kPatient)->id, one);
  const std::string two = origin_.commit("two");
  const auto commit = repository_.resolve("main", kPatient);
  EXPECT_EQ(commit->id, two);
  EXPECT_EQ(commit->subject, "two");
  EXPECT_FALSE(repository_.resolve("other", kPatient));
}

TEST_F(GitMirrorTest, doesNotFetchWhatItHas) {
  origin_.commit("one");
  repository_.resolve("main", kPatient);
  EXPECT_THAT(commands(), Contains("fetch"));
  repository_.resolve("main", kPatient);
  EXPECT_THAT(commands(), ElementsAre("ls-remote", "cat-file", "rev-list"));
}

TEST_F(GitMirrorTest, aBranchWinsOverATagOfItsName) {
  origin_.commit("one");
  origin_.tag("release");
  const std::string two = origin_.commit("two");
  origin_.branch("release");
  EXPECT_EQ(repository_.resolve("release", kPatient)->id, two);
  origin_.tag("only-a-tag");
  EXPECT_FALSE(repository_.resolve("only-a-tag", kPatient));
}

TEST_F(GitMirrorTest, theAddressIsInNoArgv) {
  const std::string one = origin_.commit("one");
  repository_.resolve("main", kPatient);
  repository_.branches("", 0s, kPatient);
  repository_.checkout(one, folder_ / "checkout", kPatient);
  for (const std::vector<std::string>& call : recorder_.calls()) EXPECT_THAT(call, Each(Not(HasSubstr("file://"))));
}

TEST_F(GitMirrorTest, speaksNoOtherProtocol) {
  origin_.commit("one");
  repository_.resolve("main", kPatient);
  EXPECT_THAT(test::readFile(recorder_.environment()), HasSubstr(std::string("GIT_ALLOW_PROTOCOL=file") + '\0'));
}

TEST_F(GitMirrorTest, completesFromAMirrorThatIsYoungEnough) {
  origin_.commit("one");
  EXPECT_THAT(repository_.branches("", 1h, kPatient), ElementsAre("main"));
  origin_.branch("new");
  EXPECT_THAT(repository_.branches("", 1h, kPatient), ElementsAre("main"));
  EXPECT_THAT(repository_.branches("", 0s, kPatient), ElementsAre("main", "new"));
  origin_.git({"branch", "--delete", "--quiet", "new"});
  EXPECT_THAT(repository_.branches("", 0s, kPatient), ElementsAre("main"));
}

TEST_F(GitMirrorTest, makesRoomWhereABranchWasAFolder) {
  origin_.commit("one");
  origin_.branch("group/one");
  repository_.resolve("group/one", kPatient);
  origin_.git({"branch", "--delete", "--force", "--quiet", "group/one"});
  const std::string two = origin_.commit("two");
  origin_.branch("group");
  EXPECT_EQ(repository_.resolve("group", kPatient)->id, two);
}

TEST_F(GitMirrorTest, keepsCommitsThatWereForcedAway) {
  origin_.write("a", "a");
  origin_.commit("one");
  const std::string gone = origin_.commit("two");
  repository_.resolve("main", kPatient);
  origin_.git({"reset", "--quiet", "--hard", "HEAD^"});
  origin_.git({"reflog", "expire", "--expire=now", "--all"});
  origin_.git({"gc", "--quiet", "--prune=now"});
  const fs::path packs = mirror() / "objects/pack";
  for (int i = 0; i < 60; ++i) test::writeFile(packs / ("pack-" + std::to_string(i) + ".pack"), "only to be counted");
  for (int i = 0; i < 3; ++i) {
    origin_.commit("more");
    repository_.resolve("main", kPatient);
  }
  EXPECT_THAT(commands(), Contains("repack"));
  EXPECT_EQ(repository_.files(gone, kPatient).size(), 1u);
  repository_.checkout(gone, folder_ / "checkout", kPatient);
  EXPECT_EQ(test::readFile(folder_ / "checkout/a"), "a");
}

TEST_F(GitMirrorTest, fetchesACommitItWasNeverAskedToResolve) {
  origin_.write("a", "a");
  const std::string one = origin_.commit("one");
  EXPECT_EQ(repository_.files(one, kPatient).size(), 1u);
  const std::string hidden = origin_.commit("not on a branch");
  origin_.git({"update-ref", "refs/hidden/x", hidden});
  origin_.git({"reset", "--quiet", "--hard", one});
  EXPECT_EQ(repository_.files(hidden, kPatient).size(), 1u);
  EXPECT_THROW(repository_.files(std::string(40, '1'), kPatient), NotFound);
}

TEST_F(GitMirrorTest, checksOut) {
  origin_.write("a", "a");
  const std::string one = origin_.commit("one");
  origin_.tag("v1");
  repository_.checkout(one, folder_ / "checkout", kPatient);
  EXPECT_EQ(test::readFile(folder_ / "checkout/a"), "a");
}

TEST_F(GitMirrorTest, saysWhatCannotBeReached) {
  fs::rename(origin_.path(), folder_ / "away");
  EXPECT_THROW(repository_.resolve("main", kPatient), Unavailable);
  EXPECT_THROW(repository_.branches("", 0s, kPatient), Unavailable);
  EXPECT_THROW(repository_.files(std::string(40, '1'), kPatient), Unavailable);
  EXPECT_THROW(repository_.probe(kPatient), Unavailable);
  fs::rename(folder_ / "away", origin_.path());
  origin_.commit("one");
  EXPECT_TRUE(repository_.resolve("main", kPatient));
}

TEST_F(GitMirrorTest, doesNotTrustAHalfMadeMirror) {
  const std::string one = origin_.commit("one");
  test::writeFile(mirror().string() + ".new/HEAD", "torn");
  EXPECT_EQ(repository_.resolve("main", kPatient)->id, one);
  EXPECT_FALSE(fs::exists(mirror().string() + ".new"));
}

TEST_F(GitMirrorTest, severalShareOneMirror) {
  origin_.write("a", "a");
  origin_.commit("one");
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Repository repository(settings());
      for (int j = 0; j < 3; ++j) {
        const auto commit = repository.resolve("main", kPatient);
        if (commit && repository.branches("", 0s, kPatient).size() == 1 &&
            repository.files(commit->id, kPatient).size() == 1) {
          repository.checkout(commit->id, folder_ / ("checkout-" + std::to_string(i) + std::to_string(j)), kPatient);
          ++right;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 12);
}

TEST_F(GitMirrorTest, waitsForTheOneWhoFetchesAsLongAsItsCallMay) {
  origin_.commit("one");
  repository_.resolve("main", kPatient);
  // A git that does not come back holds the lock meanwhile.
  RepositorySettings slow = settings();
  slow.git = (folder_ / "slow").string();
  test::writeFile(slow.git, "#!/bin/sh\ncase \"$*\" in *fetch*) touch '" + (folder_ / "fetching").string() +
                                "'; exec sleep 100;; esac\nexec git \"$@\"\n");
  fs::permissions(slow.git, fs::perms::owner_all);
  std::atomic<bool> ended = false;
  std::thread fetching([&] {
    const Call call(1min, "", [&] { return ended.load(); });
    EXPECT_THROW(Repository(slow).branches("", 0s, call), Cancelled);
  });
  while (!fs::exists(folder_ / "fetching")) std::this_thread::sleep_for(1ms);
  try {
    repository_.branches("", 0s, Call(100ms));
    ADD_FAILURE() << "two at once";
  } catch (const Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr("try again in a while"));
  }
  EXPECT_TRUE(repository_.resolve("main", kPatient)) << "what is there can be read all the same";
  ended = true;
  fetching.join();
}

}  // namespace
}  // namespace testarena::git
