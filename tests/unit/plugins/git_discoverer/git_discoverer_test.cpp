// SPDX-License-Identifier: Apache-2.0
// What the contract suite does not ask: see sdk/contract/discoverer_contract.h for the rest.
#include "git_discoverer.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_host.h"
#include "first_copy.h"
#include "temporary_folder.h"
#include "test_repository.h"

namespace testarena {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
namespace fs = std::filesystem;

class GitDiscovererTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
  test::TestRepository repository_{folder_ / "repository"};
  const std::shared_ptr<test::FakeHost> host_ = std::make_shared<test::FakeHost>();
  GitDiscoverer::Settings settings_;

  void SetUp() override {
    settings_.repository = repository_.path().string();
    settings_.data = (folder_ / "data").string();
  }

  GitDiscoverer discoverer() { return GitDiscoverer(settings_, Host(host_)); }

  Scan scan(const std::string& commit) {
    Call call(1min);
    return discoverer().scan({commit}, call);
  }

  std::string refusal() {
    try {
      discoverer();
    } catch (const Invalid& error) {
      return error.pointer() + " " + error.what();
    }
    return "accepted";
  }
};

TEST_F(GitDiscovererTest, settingsThatMakeNoSenseAreNamed) {
  settings_.repository = "relative/path";
  EXPECT_THAT(refusal(), HasSubstr("/repository the repository must be an absolute path"));
  settings_.repository = "https://example.org/x.git";
  settings_.data = "";
  EXPECT_THAT(refusal(), HasSubstr("/data "));
  settings_.repository = repository_.path().string();
  settings_.branches = {"main", "release/**"};
  EXPECT_THAT(refusal(), HasSubstr("/branches/1 the pattern 'release/**' ends with '**'"));
  settings_.branches = {};
  settings_.timeout = 0ms;
  EXPECT_THAT(refusal(), HasSubstr("/timeout "));
  settings_.timeout = 1s;
  EXPECT_EQ(refusal(), "accepted") << "and no data folder is needed for a path";
}

TEST_F(GitDiscovererTest, onlyBranchesOfThePatternsCanBeChosen) {
  repository_.commit("one");
  for (const char* name : {"release/1", "release/2/fix", "feature/x"}) repository_.branch(name);
  settings_.branches = {"main", "release/*"};
  GitDiscoverer discoverer = this->discoverer();
  Call call(1min);
  EXPECT_THAT(discoverer.branches({"", 100}, call).branches, ElementsAre("main", "release/1"));
  EXPECT_TRUE(discoverer.resolve({"release/1", ""}, call).found);
  EXPECT_FALSE(discoverer.resolve({"release/9", ""}, call).found);
  try {
    discoverer.resolve({"feature/x", ""}, call);
    FAIL();
  } catch (const Invalid& error) {
    EXPECT_THAT(error.what(), HasSubstr("'feature/x' cannot be chosen here, only main, release/*"));
    EXPECT_EQ(error.pointer(), "/branch");
  }
}

TEST_F(GitDiscovererTest, aLimitIsCountedAfterThePatterns) {
  repository_.commit("one");
  for (const char* name : {"a1", "a2", "b1"}) repository_.branch(name);
  settings_.branches = {"?1"};
  GitDiscoverer discoverer = this->discoverer();
  Call call(1min);
  EXPECT_FALSE(discoverer.branches({"", 2}, call).truncated);
  EXPECT_TRUE(discoverer.branches({"", 1}, call).truncated);
  EXPECT_THROW(discoverer.branches({"", 0}, call), Invalid);
  EXPECT_THROW(discoverer.branches({"", -1}, call), Invalid);
}

TEST_F(GitDiscovererTest, theConfigurationSpeaksForCommitsWithoutAManifest) {
  repository_.write("tests/a.sh", "true\n");
  const std::string without = repository_.commit("without");
  repository_.write(".testarena.toml", "[[scenarios]]\nname = \"own\"\ncommand = [\"true\"]\n");
  const std::string with = repository_.commit("with");
  settings_.scenarios.scenarios = {{"tests/*.sh", "", "", {"sh", "{path}"}, "", 0, {}, ""},
                                   {"/bad", "", "", {"sh"}, "", 0, {}, ""}};
  const Scan scanned = scan(without);
  ASSERT_THAT(scanned.scenarios, SizeIs(1));
  EXPECT_EQ(scanned.scenarios[0].name, "tests/a");
  ASSERT_THAT(scanned.diagnostics, SizeIs(1));
  EXPECT_THAT(scanned.diagnostics[0].path, HasSubstr("configuration"));
  ASSERT_THAT(scan(with).scenarios, SizeIs(1));
  EXPECT_EQ(scan(with).scenarios[0].name, "own");
  EXPECT_THAT(scan(with).diagnostics, IsEmpty());
}

TEST_F(GitDiscovererTest, aCommitThatSaysNothingIsExplained) {
  repository_.write("a/.testarena.toml", "not at the root");
  const Scan scanned = scan(repository_.commit("one"));
  EXPECT_THAT(scanned.scenarios, IsEmpty());
  ASSERT_THAT(scanned.diagnostics, SizeIs(1));
  EXPECT_EQ(scanned.diagnostics[0].path, ".testarena.toml");
  EXPECT_THAT(scanned.diagnostics[0].message, HasSubstr("add the file"));
}

TEST_F(GitDiscovererTest, aManifestThatIsNoFileIsADiagnostic) {
  repository_.write("real.toml", "[[scenarios]]\nname = \"own\"\ncommand = [\"true\"]\n");
  fs::create_symlink("real.toml", repository_.path() / ".testarena.toml");
  EXPECT_THAT(scan(repository_.commit("link")).diagnostics.at(0).message, HasSubstr("no regular file"));
  fs::remove(repository_.path() / ".testarena.toml");
  repository_.write(".testarena.toml", std::string((1 << 20) + 1, '#'));
  EXPECT_THAT(scan(repository_.commit("long")).diagnostics.at(0).message, HasSubstr("longer than 1048576 bytes"));
  repository_.write(".testarena.toml", std::string("\xff\0\x01", 3));
  EXPECT_THAT(scan(repository_.commit("bytes")).diagnostics.at(0).message, HasSubstr("no TOML"));
}

TEST_F(GitDiscovererTest, aScanNeedsNoWorkTree) {
  repository_.write(".testarena.toml", "[[scenarios]]\nglob = \"*.sh\"\ncommand = [\"sh\", \"{path}\"]\n");
  repository_.write("a.sh", "true\n");
  const std::string commit = repository_.commit("one");
  fs::remove(repository_.path() / "a.sh");
  fs::remove(repository_.path() / ".testarena.toml");
  const Scan scanned = scan(commit);
  ASSERT_THAT(scanned.scenarios, SizeIs(1));
  EXPECT_EQ(scanned.scenarios[0].path, "a.sh");
}

TEST_F(GitDiscovererTest, itsOwnTimeoutCountsToo) {
  repository_.commit("one");
  settings_.timeout = 1ms;
  GitDiscoverer discoverer = this->discoverer();
  Call call(1min);
  EXPECT_THROW(discoverer.resolve({"main", ""}, call), DeadlineExceeded);
}

TEST_F(GitDiscovererTest, aRepositoryThatIsAwayIsDownAndComesBack) {
  repository_.commit("one");
  GitDiscoverer discoverer = this->discoverer();
  Call call(1min);
  EXPECT_THAT(discoverer.health({}, call).version, testing::StartsWith("git 2."));
  fs::rename(repository_.path(), folder_ / "away");
  const Health health = discoverer.health({}, call);
  EXPECT_EQ(health.state, HealthState::down);
  EXPECT_THAT(health.message, HasSubstr(repository_.path().string()));
  fs::rename(folder_ / "away", repository_.path());
  EXPECT_EQ(discoverer.health({}, call).state, HealthState::ok);
}

TEST_F(GitDiscovererTest, aUrlThatIsAwayIsSaidInTheLogAndHarmsNobody) {
  settings_.repository = "file:///nowhere/x.git";
  {
    GitDiscoverer discoverer = this->discoverer();
    Call call(1min);
    EXPECT_THROW(discoverer.resolve({"main", ""}, call), Unavailable);
    EXPECT_THROW(discoverer.branches({"", 10}, call), Unavailable);
  }
}

class FirstCopyTest : public GitDiscovererTest {};

TEST_F(FirstCopyTest, isMadeWithoutBeingAsked) {
  repository_.commit("one");
  settings_.repository = "file://" + repository_.path().string();
  const GitDiscoverer discoverer = this->discoverer();
  const auto isFetched = [&] {
    if (!fs::exists(settings_.data + "/mirrors")) return false;
    for (const auto& entry : fs::directory_iterator(settings_.data + "/mirrors")) {
      if (entry.path().extension() == ".fetched") return true;
    }
    return false;
  };
  for (const auto end = std::chrono::steady_clock::now() + 60s; !isFetched();) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    std::this_thread::sleep_for(5ms);
  }
}

TEST_F(FirstCopyTest, endsWithItsOwner) {
  git::RepositorySettings slow;
  slow.repository = "file:///nowhere";
  slow.mirrors = folder_ / "mirrors";
  slow.git = (folder_ / "git").string();
  test::writeFile(slow.git, "#!/bin/sh\ntouch '" + (folder_ / "begun").string() + "'\nexec sleep 1000\n");
  fs::permissions(slow.git, fs::perms::owner_all);
  git::Repository repository(slow);
  const Host host(host_);
  {
    const FirstCopy copy(repository, host);
    while (!fs::exists(folder_ / "begun")) std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(host_->log(), "") << "to be ended is no failure";
}

}  // namespace
}  // namespace testarena
