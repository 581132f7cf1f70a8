// SPDX-License-Identifier: Apache-2.0
// Discoverer: knows the branches of a repository and the scenarios on a commit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <testarena/interface.h>
#include <testarena/types.h>

namespace testarena {
inline namespace v1 {

struct ResolveRequest {
  std::string branch;           ///< as typed; hostile text
  std::string contains_commit;  ///< if set, `Branch::contains` says whether this commit is on the branch
  TA_FIELDS(branch, contains_commit)
};

struct Branch {
  bool found = false;   ///< false: no such branch; all other fields are then empty
  std::string name;     ///< without refs/heads/
  std::string commit;   ///< full object name
  std::string author;   ///< display name of the commit's author
  Time committed_at{};  ///< the committer's time
  std::string subject;  ///< first line of the message
  bool contains = false;
  TA_FIELDS(found, name, commit, author, committed_at, subject, contains)
};

struct BranchesRequest {
  std::string prefix;  ///< only names that begin so; empty: all
  int64_t limit = 100;
  TA_FIELDS(prefix, limit)
};

struct Branches {
  std::vector<std::string> branches;  ///< sorted by name
  bool truncated = false;             ///< there are more than `limit`
  TA_FIELDS(branches, truncated)
};

struct ScanRequest {
  std::string commit;  ///< a full object name that `resolve` gave
  TA_FIELDS(commit)
};

struct Scenario {
  std::string name;  ///< unique on the commit, stable from scan to scan
  std::string path;  ///< file in the repository; empty if it has none
  std::vector<std::string> tags;
  int64_t timeout_s = 0;  ///< 0: none of its own
  std::string description;
  std::string digest;         ///< changes when what runs changes; empty if not known
  bool expands = false;       ///< stands for the tests that a lister names only after setup
  std::string expanded_from;  ///< filled by the host for names it remembers from an earlier run of this commit
  TA_FIELDS(name, path, tags, timeout_s, description, digest, expands, expanded_from)
};

struct Diagnostic {
  std::string path;
  int64_t line = 0;    ///< from 1; 0: the whole file
  int64_t column = 0;  ///< from 1; 0: the whole line
  std::string message;
  TA_FIELDS(path, line, column, message)
};

struct Scan {
  std::vector<Scenario> scenarios;      ///< in the order of the manifest, then by path
  std::vector<Diagnostic> diagnostics;  ///< what is wrong on the commit; the rest is listed all the same
  TA_FIELDS(scenarios, diagnostics)
};

/// The story. A person types a branch: `branches` completes it, `resolve` turns it into a commit; from there on only
/// the commit is used. `scan` lists what can be run on it; the answer for a commit never changes, and the host keeps
/// it.
///
/// Threads: any, up to the manifest's `max_concurrency` at once. Branch names are hostile text: they must never reach a
/// shell, nor be taken for an option. `Unavailable`: the repository could not be reached; may be repeated.
class Discoverer {
 public:
  virtual ~Discoverer() = default;

  /// Branch to commit. A branch that does not exist is an answer (`found == false`); a text that can be no branch name
  /// is `Invalid` with the reason. A branch wins over a tag of the same name.
  virtual Branch resolve(const ResolveRequest&, Call&) = 0;

  /// Names for completion.
  virtual Branches branches(const BranchesRequest&, Call&) = 0;

  /// The scenarios on a commit. A broken scenario or manifest is a diagnostic with file and line and never fails the
  /// scan. `NotFound`: no such commit.
  virtual Scan scan(const ScanRequest&, Call&) = 0;

  virtual Health health(const HealthRequest&, Call&) = 0;
};

TA_INTERFACE(Discoverer, "discoverer/1", resolve, branches, scan, health)

}  // namespace v1
}  // namespace testarena
