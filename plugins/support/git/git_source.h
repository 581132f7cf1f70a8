// SPDX-License-Identifier: Apache-2.0
// One repository, wherever it is: what git is asked through.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "git_command.h"
#include "git_mirror.h"
#include "git_repository.h"
#include "repository_address.h"

namespace testarena::git {

/// The address, the git that reads it, and the mirror if there has to be one. Names of branches and commits have been
/// checked before they come here.
class GitSource {
 public:
  explicit GitSource(const RepositorySettings& settings);

  const std::string& name() const { return address_.text; }
  const GitCommand& command() const { return command_; }
  GitMirror* mirror() { return mirror_ ? &*mirror_ : nullptr; }

  /// The git folder: of the repository itself, or the mirror's, which may not be there yet.
  std::filesystem::path folder() const;

  /// As in GitCommand, in this repository.
  process::Finished run(std::vector<std::string> arguments, const Call& call,
                        std::size_t max_output = std::size_t{256} << 20) const;
  std::string output(std::vector<std::string> arguments, const Call& call) const;

  /// What refs/heads/<branch> stands for, as known here; empty if it is not there.
  std::string tip(const std::string& branch, const Call& call) const;

  /// The same as the remote of a URL has it now.
  std::string remoteTip(const std::string& branch, const Call& call) const;

  bool has(const std::string& commit, const Call& call) const;

  /// Brings the commit if it is not here. NotFound: it is nowhere; Unavailable: the repository cannot be read.
  void require(const std::string& commit, const Call& call);

 private:
  RepositoryAddress address_;
  GitCommand command_;
  std::filesystem::path folder_;
  std::optional<GitMirror> mirror_;
};

}  // namespace testarena::git
