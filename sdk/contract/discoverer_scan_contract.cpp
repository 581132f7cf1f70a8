// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <thread>

#include "discoverer_contract.h"

namespace testarena::contract {
namespace {

std::vector<std::string> names(const Scan& scan) {
  std::vector<std::string> result;
  for (const Scenario& scenario : scan.scenarios) result.push_back(scenario.name);
  return result;
}

}  // namespace

TEST_P(DiscovererContract, listsTheScenariosOfACommit) {
  const Scan scan = this->scan(facts().branch.commit);
  EXPECT_EQ(names(scan), facts().scenarios);
  for (const Diagnostic& diagnostic : scan.diagnostics) ADD_FAILURE() << diagnostic.message;
}

TEST_P(DiscovererContract, scenariosMakeSense) {
  const Scan scan = this->scan(facts().branch.commit);
  std::set<std::string> seen;
  for (const Scenario& scenario : scan.scenarios) {
    EXPECT_FALSE(scenario.name.empty());
    EXPECT_TRUE(seen.insert(scenario.name).second) << scenario.name << " is there twice";
    EXPECT_GE(scenario.timeout_s, 0);
    EXPECT_EQ(scenario.expanded_from, "") << "the host fills it in";
    EXPECT_NE(scenario.path.substr(0, 1), "/") << scenario.path;
    EXPECT_EQ(("/" + scenario.path + "/").find("/../"), std::string::npos) << scenario.path;
  }
}

TEST_P(DiscovererContract, theAnswerForACommitNeverChanges) {
  const Scan first = scan(facts().branch.commit);
  EXPECT_EQ(scan(facts().branch.commit), first);
  if (subject().addCommit().empty()) return;
  resolve(facts().branch.name);
  EXPECT_EQ(scan(facts().branch.commit), first);
}

TEST_P(DiscovererContract, aMistakeIsADiagnosticAndTheRestIsListed) {
  if (facts().broken.empty()) GTEST_SKIP() << "the repository has no mistakes";
  const Scan scan = this->scan(facts().broken);
  EXPECT_EQ(names(scan), facts().broken_scenarios);
  ASSERT_FALSE(scan.diagnostics.empty());
  EXPECT_EQ(scan.diagnostics[0].path, facts().broken_path);
  EXPECT_EQ(scan.diagnostics[0].line, facts().broken_line);
  EXPECT_NE(scan.diagnostics[0].message, "");
}

TEST_P(DiscovererContract, aCommitThatDoesNotExistIsNotFound) {
  EXPECT_EQ(codeOf([&] { scan(std::string(facts().branch.commit.size(), '1')); }), Code::not_found);
}

TEST_P(DiscovererContract, whatIsNoFullNameOfACommitIsRefused) {
  const std::string& commit = facts().branch.commit;
  std::vector<std::string> texts = treacherousNames();
  const std::vector<std::string> more = {
      "",           facts().branch.name, commit.substr(0, 10), commit + "^", commit + "~1",
      commit + ":", commit + "0",        " " + commit,         "--all",      "HEAD"};
  texts.insert(texts.end(), more.begin(), more.end());
  for (const std::string& text : texts) {
    if (text == commit) continue;
    const Code code = codeOf([&] { scan(text); });
    EXPECT_TRUE(code == Code::invalid || code == Code::not_found)
        << enumName(code) << testing::PrintToString(text.substr(0, 100));
    EXPECT_FALSE(canaryExists()) << testing::PrintToString(text.substr(0, 100));
  }
}

TEST_P(DiscovererContract, mayBeAskedByManyAtOnce) {
  const Scan expected = scan(facts().branch.commit);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 3; ++j) {
        if ((i + j) % 2 == 0) {
          EXPECT_EQ(scan(facts().branch.commit), expected);
        } else {
          EXPECT_EQ(resolve(facts().branch.name).commit, facts().branch.commit);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(DiscovererContract, aScanOutOfReachIsUnavailableOrKept) {
  const Scan expected = scan(facts().branch.commit);
  if (!subject().breakRepository()) GTEST_SKIP() << "it cannot be put out of reach here";
  const Code code = codeOf([&] { EXPECT_EQ(scan(facts().branch.commit), expected); });
  EXPECT_TRUE(code == Code::ok || code == Code::unavailable) << enumName(code);
}

}  // namespace testarena::contract
