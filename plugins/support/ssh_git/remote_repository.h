// SPDX-License-Identifier: Apache-2.0
// A git repository on another machine, read by running git there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/call.h>

#include "connection.h"
#include "git_repository.h"

namespace testarena::ssh {

/// What is run on the machine, as argv templates: {repository}, {branch}, {commit}, {tip} and {object} are replaced
/// within words, and each word arrives as one argument whatever is in it. The defaults need nothing but git.
struct RepositoryCommands {
  /// {branch}: a line of NUL-ended fields for each ref that matches: object name, ref, author, seconds, subject.
  std::vector<std::string> resolve;
  /// A line for each branch: its ref.
  std::vector<std::string> branches;
  /// {commit} and {tip}: exit code 0 if the one is in the history of the other, 1 if not.
  std::vector<std::string> contains;
  /// {commit}: the listing of `git ls-tree -r -z`.
  std::vector<std::string> files;
  /// {object}: its bytes.
  std::vector<std::string> content;

  /// Those that are empty, filled in.
  RepositoryCommands completed() const;
};

/// Names are checked here before anything is sent: branches by the allow-list of branch_name.h, objects as full names.
/// Throws Invalid for what can be none, NotFound for a commit that is not there, Unavailable when the machine or the
/// repository cannot be read, Exhausted for more output than Command::max_output allows, and as the call says.
///
/// Threads: any, any number at once.
class RemoteRepository {
 public:
  /// `repository` is an absolute path on the machine: Invalid otherwise. The connection must outlive this.
  RemoteRepository(Connection& connection, std::string repository, const RepositoryCommands& commands);

  /// The tip of the branch; unset if there is no such branch. Neither tags nor abbreviations are looked at.
  std::optional<git::Commit> resolve(std::string_view branch, const Call& call);
  bool contains(std::string_view tip, std::string_view commit, const Call& call);
  /// Those that can be chosen (whyNoBranchName) and begin with `prefix`, sorted.
  std::vector<std::string> branches(std::string_view prefix, const Call& call);
  /// Sorted by path, as git has them.
  std::vector<git::File> files(std::string_view commit, const Call& call);
  /// Invalid: it is longer than `limit`, or no regular file.
  std::string content(const git::File& file, std::size_t limit, const Call& call);

  /// Throws if the repository cannot be read. Answers git's version over there.
  std::string probe(const Call& call);

  const std::string& path() const { return path_; }

 private:
  using Words = std::vector<std::pair<std::string_view, std::string>>;
  Finished run(const std::vector<std::string>& words, const Words& values, const Call& call,
               std::size_t limit = std::size_t{4} << 20);
  std::string output(const std::vector<std::string>& words, const Words& values, const Call& call);
  [[noreturn]] void fail(const Finished& finished);

  Connection& connection_;
  const std::string path_;
  const RepositoryCommands commands_;
};

}  // namespace testarena::ssh
