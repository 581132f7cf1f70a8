// SPDX-License-Identifier: Apache-2.0
#include "ssh_discoverer.h"

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "cutting_proxy.h"
#include "ssh_server.h"
#include "test_host.h"
#include "test_repository.h"

namespace testarena {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class SshDiscovererTest : public testing::Test {
 protected:
  SshDiscovererTest() {
    repository_.write(".testarena.toml", "[[scenarios]]\nglob = \"*.sh\"\ncommand = [\"sh\", \"{path}\"]\n");
    repository_.write("boot.sh", "true\n");
    commit_ = repository_.commit("first");
    server_.know(proxy_.port());
    settings_.host = "127.0.0.1";
    settings_.port = proxy_.port();
    settings_.user = server_.user();
    settings_.key_file = server_.key();
    settings_.known_hosts_file = server_.knownHosts();
    settings_.repository = repository_.path();
  }

  std::unique_ptr<SshDiscoverer> discoverer() const {
    return std::make_unique<SshDiscoverer>(settings_, Host(std::make_shared<test::TestHost>()));
  }
  static Scan scan(Discoverer& discoverer, const std::string& commit) {
    Call call(60s);
    return discoverer.scan({commit}, call);
  }
  /// How many commands the server has begun so far.
  long commands() const {
    const std::string log = server_.log();
    long count = 0;
    for (std::size_t at = log.find("Starting session"); at != std::string::npos;
         at = log.find("Starting session", at + 1)) {
      ++count;
    }
    return count;
  }

  test::SshServer server_;
  test::TestRepository repository_{server_.folder() / "repository"};
  test::CuttingProxy proxy_{server_.port()};
  std::string commit_;
  SshDiscoverer::Settings settings_;
};

TEST_F(SshDiscovererTest, aScanThatIsCutAnywhereFailsCleanlyAndComesOutRightAfterwards) {
  {
    const auto whole = discoverer();
    EXPECT_EQ(scan(*whole, commit_).scenarios.size(), 1u);
  }
  const int64_t bytes = proxy_.bytes();
  for (int i = 0; i < 20; ++i) {
    const int64_t cut = bytes * i / 20;
    const auto fresh = discoverer();
    proxy_.cutAfter(cut);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(scan(*fresh, commit_), Unavailable) << cut;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 15s) << cut;
    proxy_.cutAfter(-1);
    Scan again;
    for (int turn = 0; turn < 200 && again.scenarios.empty(); ++turn) {
      try {
        again = scan(*fresh, commit_);
      } catch (const Unavailable&) {  // the pause after a failure
        std::this_thread::sleep_for(50ms);
      }
    }
    EXPECT_EQ(again.scenarios.size(), 1u) << cut;
  }
}

TEST_F(SshDiscovererTest, silenceEndsWithTheTimeForOneLook) {
  settings_.timeout = 1s;
  const auto fresh = discoverer();
  EXPECT_EQ(scan(*fresh, commit_).scenarios.size(), 1u);
  repository_.write("more.sh", "true\n");
  const std::string second = repository_.commit("second");
  server_.endSessions();  // the next connection stalls while it authenticates
  proxy_.stallAfter(1500);
  for (int i = 0; i < 3; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(scan(*fresh, second), Error);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  }
  EXPECT_EQ(scan(*fresh, commit_).scenarios.size(), 1u) << "what is known is still told";
}

TEST_F(SshDiscovererTest, manyScansOfOneCommitAreOne) {
  const auto shared = discoverer();
  Call call(60s);
  shared->health({}, call);
  const long before = commands();
  std::vector<std::thread> threads;
  for (int i = 0; i < 30; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(scan(*shared, commit_).scenarios.size(), 1u); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(commands() - before, 2) << "the files and the manifest, once";
  EXPECT_EQ(proxy_.connections(), 1);
}

TEST_F(SshDiscovererTest, moreOutputThanAllowedIsSaid) {
  settings_.branches_command = {"head", "-c", "1073741824", "/dev/zero"};
  const auto flooded = discoverer();
  Call call(60s);
  const auto begin = std::chrono::steady_clock::now();
  try {
    flooded->branches({"", 10}, call);
    ADD_FAILURE() << "it was taken";
  } catch (const Exhausted& error) {
    EXPECT_THAT(error.what(), HasSubstr("4194304 bytes"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 15s);
}

TEST_F(SshDiscovererTest, commandsOfTheConfigurationGetTheirWordsAsWords) {
  // Each word arrives as one argument, whatever is in the name of the folder.
  const std::string odd = (server_.folder() / "a 'b' $(c)").string();
  std::filesystem::rename(repository_.path(), odd);
  settings_.repository = odd;
  settings_.branches_command = {"sh", "-c", "git -C \"$1\" for-each-ref --format='%(refname)' refs/heads/", "sh",
                                "{repository}"};
  const auto own = discoverer();
  Call call(60s);
  EXPECT_EQ(own->branches({"", 10}, call).branches, std::vector<std::string>{"main"});
  EXPECT_EQ(own->resolve({"main", ""}, call).commit, commit_);
  EXPECT_EQ(scan(*own, commit_).scenarios.size(), 1u);
}

TEST_F(SshDiscovererTest, settingsThatMakeNoSenseAreRefusedWithTheirKey) {
  const auto refusedKey = [&](auto change) {
    SshDiscoverer::Settings settings = settings_;
    change(settings);
    try {
      SshDiscoverer(settings, Host(std::make_shared<test::TestHost>()));
    } catch (const Invalid& error) {
      return error.pointer();
    }
    return std::string("accepted");
  };
  using S = SshDiscoverer::Settings;
  EXPECT_EQ(refusedKey([](S& s) { s.branches = {"main", "/x"}; }), "/branches/1");
  EXPECT_EQ(refusedKey([](S& s) { s.timeout = 0ms; }), "/timeout");
  EXPECT_EQ(refusedKey([](S& s) { s.repository = "user@host:x.git"; }), "/repository");
  EXPECT_EQ(refusedKey([](S& s) { s.resolve_command = {"git", "show-ref"}; }), "/resolve_command");
  EXPECT_EQ(refusedKey([](S& s) { s.contains_command = {"x", "{commit}"}; }), "/contains_command");
  EXPECT_EQ(refusedKey([](S&) {}), "accepted");
}

}  // namespace
}  // namespace testarena
