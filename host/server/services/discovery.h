// SPDX-License-Identifier: Apache-2.0
// Branches and scenarios of one environment, without asking its discoverer the same thing twice at once.
#pragma once

#include <memory>
#include <string>

#include <testarena/discoverer.h>
#include <testarena/storage.h>

#include "clock.h"
#include "shared_answers.h"

namespace testarena::server {

/// What a branch holds.
struct ScenarioList {
  std::string branch;
  std::string commit;
  std::vector<Scenario> scenarios;
  std::vector<Diagnostic> diagnostics;
  TA_FIELDS(branch, commit, scenarios, diagnostics)
};

/// Threads: any. Throws what the discoverer throws.
class Discovery {
 public:
  Discovery(std::string environment, Discoverer& discoverer, Storage& storage, const Clock& clock);

  Branches branches(const std::string& prefix);

  /// `NotFound`: there is no such branch; `Invalid`: the text is no branch name.
  Branch resolve(const std::string& branch);

  /// Whether `commit` is on the branch, which `resolve` found.
  bool contains(const std::string& branch, const std::string& commit);

  /// The scenarios on a commit, and behind a lister those that an earlier run of this commit found.
  Scan scan(const std::string& commit);

  ScenarioList list(const std::string& branch);

  Health health();

 private:
  Branch ask(const std::string& branch, const std::string& containsCommit);
  void addExpansions(const std::string& commit, Scan& scan);

  const std::string environment_;
  Discoverer& discoverer_;
  Storage& storage_;
  SharedAnswers<Branch> branches_;
  SharedAnswers<Scan> scans_;
  SharedAnswers<Health> health_;
};

}  // namespace testarena::server
