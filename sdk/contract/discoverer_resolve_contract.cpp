// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include <testarena/utf8.h>

#include "discoverer_contract.h"

namespace testarena::contract {

TEST_P(DiscovererContract, resolvesABranchToItsCommit) {
  const Branch branch = resolve(facts().branch.name);
  EXPECT_TRUE(branch.found);
  EXPECT_EQ(branch.name, facts().branch.name);
  EXPECT_EQ(branch.commit, facts().branch.commit);
  EXPECT_EQ(branch.author, facts().branch.author);
  EXPECT_EQ(formatTime(branch.committed_at), formatTime(facts().branch.committed_at));
  EXPECT_EQ(branch.subject, facts().branch.subject);
}

TEST_P(DiscovererContract, aBranchThatDoesNotExistIsAnAnswer) {
  EXPECT_EQ(resolve("there-is-no-such-branch"), Branch{});
  EXPECT_EQ(resolve("there-is-no-such-branch", facts().ancestor), Branch{});
}

TEST_P(DiscovererContract, aTextThatCanBeNoBranchNameIsInvalidAndNothingElse) {
  for (const std::string& name : impossibleNames()) {
    EXPECT_EQ(codeOf([&] { resolve(name); }), Code::invalid) << testing::PrintToString(name);
  }
}

TEST_P(DiscovererContract, aTreacherousNameIsNoBranchAndDoesNothing) {
  for (const std::string& name : treacherousNames()) {
    const Code code = codeOf([&] { EXPECT_FALSE(resolve(name).found) << testing::PrintToString(name.substr(0, 100)); });
    EXPECT_TRUE(code == Code::ok || code == Code::invalid)
        << enumName(code) << testing::PrintToString(name.substr(0, 100));
    EXPECT_FALSE(canaryExists()) << testing::PrintToString(name.substr(0, 100));
  }
}

// The message is shown on a page and written to a log.
TEST_P(DiscovererContract, theReasonForARefusalIsPlainText) {
  for (const std::string& name : impossibleNames()) {
    try {
      resolve(name);
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_TRUE(isUtf8(message));
      for (const char c : message) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << testing::PrintToString(message);
    }
  }
}

TEST_P(DiscovererContract, aBranchWinsOverATagOfTheSameName) {
  if (facts().ambiguous.empty()) GTEST_SKIP() << "the repository has no such name";
  EXPECT_EQ(resolve(facts().ambiguous).commit, facts().ambiguous_commit);
}

TEST_P(DiscovererContract, saysWhetherACommitIsOnTheBranch) {
  const std::string& name = facts().branch.name;
  EXPECT_TRUE(resolve(name, facts().ancestor).contains);
  EXPECT_TRUE(resolve(name, facts().branch.commit).contains);
  EXPECT_FALSE(resolve(name, facts().stranger).contains);
  EXPECT_FALSE(resolve(name, std::string(facts().branch.commit.size(), '1')).contains);
  EXPECT_FALSE(resolve(name).contains) << "nothing was asked for";
}

TEST_P(DiscovererContract, followsTheBranch) {
  resolve(facts().branch.name);
  const std::string commit = subject().addCommit();
  if (commit.empty()) GTEST_SKIP() << "nothing can be added here";
  EXPECT_EQ(resolve(facts().branch.name).commit, commit);
  EXPECT_TRUE(resolve(facts().branch.name, facts().branch.commit).contains);
}

TEST_P(DiscovererContract, aRepositoryOutOfReachIsUnavailable) {
  if (!subject().breakRepository()) GTEST_SKIP() << "it cannot be put out of reach here";
  EXPECT_EQ(codeOf([&] { resolve(facts().branch.name); }), Code::unavailable);
  EXPECT_EQ(codeOf([&] { resolve("there-is-no-such-branch"); }), Code::unavailable) << "who cannot look cannot say no";
  const Health health = this->health();
  EXPECT_NE(health.state, HealthState::ok);
  EXPECT_NE(health.message, "");
}

TEST_P(DiscovererContract, isWell) {
  const Health health = this->health();
  EXPECT_EQ(health.state, HealthState::ok);
  EXPECT_EQ(health.message, "");
}

TEST_P(DiscovererContract, aCallThatNobodyWaitsForEnds) {
  const auto ended = [](Code code) {
    return code == Code::ok || code == Code::cancelled || code == Code::deadline_exceeded || code == Code::unavailable;
  };
  for (int i = 0; i < 2; ++i) {
    const auto limit = std::chrono::milliseconds(i == 0 ? 0 : 60000);
    const auto backOut = [i] { return i == 1; };
    EXPECT_TRUE(ended(codeOf([&] {
      Call call(limit, "", backOut);
      discoverer().resolve({facts().branch.name, ""}, call);
    })));
    EXPECT_TRUE(ended(codeOf([&] {
      Call call(limit, "", backOut);
      discoverer().scan({facts().branch.commit}, call);
    })));
  }
  EXPECT_TRUE(resolve(facts().branch.name).found) << "and the next one is served";
}

}  // namespace testarena::contract
