// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "discoverer_contract.h"

namespace testarena::contract {
namespace {

std::vector<std::string> withPrefix(const std::vector<std::string>& names, const std::string& prefix) {
  std::vector<std::string> result;
  for (const std::string& name : names) {
    if (name.compare(0, prefix.size(), prefix) == 0) result.push_back(name);
  }
  return result;
}

}  // namespace

TEST_P(DiscovererContract, listsAllBranchesByName) {
  const Branches answer = branches("");
  EXPECT_EQ(answer.branches, facts().branches);
  EXPECT_FALSE(answer.truncated);
}

TEST_P(DiscovererContract, listsTheBranchesThatBeginSo) {
  for (const std::string& name : facts().branches) {
    for (std::size_t size = 1; size <= name.size(); ++size) {
      const std::string prefix = name.substr(0, size);
      EXPECT_EQ(branches(prefix).branches, withPrefix(facts().branches, prefix)) << prefix;
    }
  }
  EXPECT_TRUE(branches("there-is-no-such-branch").branches.empty());
}

TEST_P(DiscovererContract, aLimitCutsAndSaysSo) {
  const auto count = static_cast<int64_t>(facts().branches.size());
  for (int64_t limit = 1; limit <= count; ++limit) {
    const Branches answer = branches("", limit);
    EXPECT_EQ(answer.branches, std::vector<std::string>(facts().branches.begin(), facts().branches.begin() + limit));
    EXPECT_EQ(answer.truncated, limit < count) << limit;
  }
}

TEST_P(DiscovererContract, everyListedBranchCanBeResolved) {
  for (const std::string& name : branches("").branches) EXPECT_TRUE(resolve(name).found) << name;
}

TEST_P(DiscovererContract, aTreacherousPrefixMatchesNothingAndDoesNothing) {
  std::vector<std::string> prefixes = treacherousNames();
  const std::vector<std::string> impossible = impossibleNames();
  prefixes.insert(prefixes.end(), impossible.begin(), impossible.end());
  for (const std::string& prefix : prefixes) {
    if (prefix.empty()) continue;
    const Code code = codeOf([&] {
      EXPECT_EQ(branches(prefix).branches, withPrefix(facts().branches, prefix))
          << testing::PrintToString(prefix.substr(0, 100));
    });
    EXPECT_TRUE(code == Code::ok || code == Code::invalid) << enumName(code);
    EXPECT_FALSE(canaryExists()) << testing::PrintToString(prefix.substr(0, 100));
  }
}

}  // namespace testarena::contract
