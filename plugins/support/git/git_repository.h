// SPDX-License-Identifier: Apache-2.0
// A git repository, read by running git. Nothing is ever written to a repository that is given by its path.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/call.h>

namespace testarena::git {

class GitSource;

struct RepositorySettings {
  /// An absolute path (with or without a work tree), or a URL: https://, ssh://, user@host:path or file://. Other
  /// schemes are refused: nothing would prove that the commit named by such a server is the right one. A password in
  /// the URL is refused as well, it would be shown to every local user in the process list.
  std::string repository;

  /// Where the bare mirror of a URL is made, in a folder named after the URL. Several programs may share it. Not used,
  /// and may be empty, for a path: such a repository is read in place.
  std::filesystem::path mirrors;

  std::filesystem::path credentials_file;  ///< for https, in the format of git-credential-store; empty: none
  std::filesystem::path key_file;          ///< for ssh; empty: the account's own keys
  std::filesystem::path known_hosts_file;  ///< for ssh; empty: the account's own. An unknown host is refused.

  std::string git = "git";  ///< the program: a name to be found in PATH, or an absolute path
};

struct Commit {
  std::string id;      ///< full object name
  std::string author;  ///< display name
  std::chrono::sys_seconds committed_at{};
  std::string subject;
};

enum class FileKind { regular, symbolic_link, submodule };

struct File {
  std::string path;    ///< relative, '/' between parts; bytes as git keeps them, so not always UTF-8
  std::string object;  ///< name of its content
  FileKind kind = FileKind::regular;
};

/// A line of `ls-tree -z`: mode, type and object before a tab, the path after it.
File parseTreeLine(std::string_view line);

/// The operations name what they need and ask git each time, so answers follow what others push or commit meanwhile.
/// All throw testarena::Error: `Unavailable` if the repository cannot be read or reached now (may be repeated),
/// `DeadlineExceeded` or `Cancelled` as the call says, `Invalid` for what can be no branch or commit name.
///
/// git runs without a shell, without the configuration of user and system, without prompts, hooks, filters or
/// submodules; a path owned by somebody else is read all the same (safe.directory for this one path, in git's
/// environment only).
///
/// Threads: any, any number at once; several objects or processes may share one repository and one mirror.
class Repository {
 public:
  /// Looks only at the form of the settings (`Invalid`); the repository may come up later.
  explicit Repository(RepositorySettings settings);
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  /// The tip of the branch, unset if there is no such branch. Exact: neither tags, nor remote branches, nor
  /// abbreviations are looked at. For a URL the remote is asked each time, and the mirror has the commit afterwards.
  std::optional<Commit> resolve(std::string_view branch, const Call& call);

  /// True if `commit` is `tip` or one of its ancestors. A commit that is not in the repository is no ancestor.
  bool contains(std::string_view tip, std::string_view commit, const Call& call);

  /// Names of branches that can be chosen (whyNoBranchName) and begin with `prefix`, sorted. For a URL a mirror fetched
  /// at most `max_age` ago will do.
  std::vector<std::string> branches(std::string_view prefix, std::chrono::milliseconds max_age, const Call& call);

  /// Files of the commit, sorted by path. `NotFound`: no such commit.
  std::vector<File> files(std::string_view commit, const Call& call);

  /// The file of this path on the commit, unset if there is none. `NotFound`: no such commit.
  std::optional<File> find(std::string_view commit, std::string_view path, const Call& call);

  /// What is in a file. `Invalid`: it is longer than `limit`, or no regular file.
  std::string content(const File& file, std::size_t limit, const Call& call);

  /// Puts the commit's files into `folder`, which must not exist yet (its parent must). The folder is a git repository
  /// of its own with HEAD detached at the commit, the tags, and the history by reference to this one's objects: so `git
  /// log`, `git describe` and `git diff` work there, and nothing done there changes this repository. `NotFound`: no
  /// such commit. When it throws, the folder is gone again.
  void checkout(std::string_view commit, const std::filesystem::path& folder, const Call& call);

  /// Cheap question whether the repository can be read, for `health`; throws if not. Answers git's version.
  std::string probe(const Call& call);

  /// True for a URL: what is read is a copy, and making it for the first time may take long.
  bool isMirrored() const;

  /// The repository as it may be shown to people.
  const std::string& name() const;

 private:
  std::unique_ptr<GitSource> source_;
};

}  // namespace testarena::git
