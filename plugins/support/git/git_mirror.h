// SPDX-License-Identifier: Apache-2.0
// The bare copy of a repository that is given by a URL.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include <testarena/call.h>

#include "git_command.h"

namespace testarena::git {

/// Several threads and programs may use one mirror: what writes to it holds a lock file beside it, what reads does not
/// need to. Nothing that was ever fetched is dropped, so a commit that a job was submitted with stays, whatever is
/// force-pushed.
class GitMirror {
 public:
  /// `git` has the URL as remote `origin` in its configuration.
  GitMirror(const GitCommand& git, std::filesystem::path folder);

  /// The bare repository; there only after the first fetch.
  const std::filesystem::path& folder() const { return folder_; }

  /// Brings one branch and what it needs. The branch may have gone from the remote meanwhile: then nothing is changed.
  void fetchBranch(const std::string& branch, const Call& call);

  /// Makes branches and tags equal to the remote's, unless somebody has done so at most `max_age` ago.
  void fetchAll(std::chrono::milliseconds max_age, const Call& call);

  /// Brings a commit that no branch may lead to; does nothing if the remote will not give it.
  void fetchCommit(const std::string& commit, const Call& call);

 private:
  class Lock;

  void create(const Call& call);
  bool isYoungerThan(std::chrono::milliseconds age) const;
  std::vector<std::string> fetching(std::initializer_list<std::string> refspecs) const;
  void repackIfMany(const Call& call);

  const GitCommand& git_;
  const std::filesystem::path folder_;
  const std::filesystem::path stamp_;  // its time is that of the last fetchAll
};

}  // namespace testarena::git
