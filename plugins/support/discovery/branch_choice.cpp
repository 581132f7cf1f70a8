// SPDX-License-Identifier: Apache-2.0
#include "branch_choice.h"

#include <algorithm>
#include <utility>

#include <testarena/error.h>

#include "branch_name.h"
#include "glob.h"

namespace testarena {
namespace {

constexpr int64_t kMostBranches = 10000;

std::vector<std::string> checked(std::vector<std::string> patterns) {
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (const std::string why = manifest::whyNoGlob(patterns[i]); !why.empty()) {
      throw Invalid("the pattern '" + patterns[i] + "' " + why, "/branches/" + std::to_string(i));
    }
  }
  return patterns;
}

}  // namespace

BranchChoice::BranchChoice(std::vector<std::string> patterns) : patterns_(checked(std::move(patterns))) {}

bool BranchChoice::allows(std::string_view branch) const {
  return patterns_.empty() || std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
           return manifest::globMatches(pattern, branch);
         });
}

void BranchChoice::check(const ResolveRequest& request) const {
  if (const std::string why = git::whyNoBranchName(request.branch); !why.empty()) throw Invalid(why, "/branch");
  if (!request.contains_commit.empty() && !git::isObjectName(request.contains_commit)) {
    throw Invalid("contains_commit must be the full name of a commit, in lower case", "/contains_commit");
  }
  if (allows(request.branch)) return;
  std::string patterns;
  for (const std::string& pattern : patterns_) patterns += (patterns.empty() ? "" : ", ") + pattern;
  throw Invalid("the branch '" + request.branch + "' cannot be chosen here, only " + patterns, "/branch");
}

Branches BranchChoice::list(const BranchesRequest& request,
                            const std::function<std::vector<std::string>()>& names) const {
  if (request.limit < 1) throw Invalid("the limit must be at least 1", "/limit");
  const auto limit = static_cast<std::size_t>(std::min(request.limit, kMostBranches));
  Branches answer;
  for (std::string& name : names()) {
    if (!allows(name)) continue;
    if (answer.branches.size() == limit) {
      answer.truncated = true;
      break;
    }
    answer.branches.push_back(std::move(name));
  }
  return answer;
}

}  // namespace testarena
