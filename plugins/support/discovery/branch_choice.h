// SPDX-License-Identifier: Apache-2.0
// Which branches of a repository may be chosen.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/discoverer.h>

namespace testarena {

/// Threads: any.
class BranchChoice {
 public:
  /// `patterns` of the configuration's key `branches`; empty: all. Invalid, with the key: one of them is no pattern.
  explicit BranchChoice(std::vector<std::string> patterns);

  /// Invalid, with the reason: the request names no branch, or one that may not be chosen.
  void check(const ResolveRequest& request) const;

  /// Of the repository's names those that may be chosen, as many as are asked for.
  Branches list(const BranchesRequest& request, const std::function<std::vector<std::string>()>& names) const;

 private:
  bool allows(std::string_view branch) const;

  const std::vector<std::string> patterns_;
};

}  // namespace testarena
