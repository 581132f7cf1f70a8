// SPDX-License-Identifier: Apache-2.0
#include "git_repository.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "branch_name.h"
#include "git_checkout.h"
#include "git_source.h"
#include "split.h"

namespace testarena::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/";
constexpr std::size_t kLongestSubject = 500;

std::string checkedCommit(std::string_view commit) {
  if (!isObjectName(commit)) {
    throw Invalid("'" + cleanUtf8(commit.substr(0, 80)) + "' is no full name of a commit: 40 or 64 digits are expected",
                  "/commit");
  }
  return std::string(commit);
}

/// Author, time and subject; rev-list and not log, which obeys more of a repository's own configuration.
Commit describe(const GitSource& source, const std::string& id, const Call& call) {
  const std::string text = source.output({"rev-list", "--max-count=1", "--no-commit-header", "--encoding=UTF-8",
                                          "--format=%an%x00%ct%x00%s%x00", "--end-of-options", id, "--"},
                                         call);
  std::vector<std::string_view> fields;
  split(text, '\0', [&](std::string_view field) { fields.push_back(field); });
  std::int64_t seconds = 0;
  if (fields.size() >= 3) std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), seconds);
  Commit commit;
  commit.id = id;
  if (fields.size() < 3) return commit;
  commit.author = cleanUtf8(fields[0].substr(0, kLongestSubject));
  commit.committed_at = std::chrono::sys_seconds(std::chrono::seconds(seconds));
  commit.subject = cleanUtf8(fields[2].substr(0, kLongestSubject));
  return commit;
}

/// git makes errors of paths that lead out of a tree.
bool isPathInTree(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) return false;
  bool inside = true;
  split(path, '/', [&](std::string_view part) { inside = inside && !part.empty() && part != "." && part != ".."; });
  return inside;
}

}  // namespace

File parseTreeLine(std::string_view line) {
  const std::size_t tab = line.find('\t');
  const std::string_view before = line.substr(0, tab);
  File file;
  if (before.substr(0, 6) == "120000") file.kind = FileKind::symbolic_link;
  if (before.substr(0, 6) == "160000") file.kind = FileKind::submodule;
  file.object = before.substr(before.rfind(' ') + 1);
  file.path = line.substr(tab + 1);
  return file;
}

Repository::Repository(RepositorySettings settings) : source_(std::make_unique<GitSource>(settings)) {}
Repository::~Repository() = default;

const std::string& Repository::name() const {
  return source_->name();
}

bool Repository::isMirrored() const {
  return source_->mirror() != nullptr;
}

std::optional<Commit> Repository::resolve(std::string_view branch, const Call& call) {
  if (const std::string why = whyNoBranchName(branch); !why.empty()) throw Invalid(why, "/branch");
  const std::string name(branch);
  std::string id;
  if (GitMirror* const mirror = source_->mirror()) {
    id = source_->remoteTip(name, call);
    if (id.empty()) return std::nullopt;
    if (!source_->has(id, call)) {
      mirror->fetchBranch(name, call);
      id = source_->tip(name, call);  // it may have moved since it was asked for
    }
  } else {
    id = source_->tip(name, call);
  }
  if (id.empty()) return std::nullopt;
  return describe(*source_, id, call);
}

bool Repository::contains(std::string_view tip, std::string_view commit, const Call& call) {
  const process::Finished finished =
      source_->run({"merge-base", "--is-ancestor", checkedCommit(commit), checkedCommit(tip)}, call);
  if (finished.succeeded()) return true;
  if (finished.exit_code == 1) return false;
  source_->output({"rev-parse", "--git-dir"}, call);  // the repository itself is there
  if (source_->has(std::string(commit), call)) source_->command().fail(finished);
  return false;
}

std::vector<std::string> Repository::branches(std::string_view prefix, std::chrono::milliseconds max_age,
                                              const Call& call) {
  if (GitMirror* const mirror = source_->mirror()) mirror->fetchAll(max_age, call);
  std::vector<std::string> names;
  split(source_->output({"for-each-ref", "--format=%(refname)", std::string(kHeads)}, call), '\n',
        [&](std::string_view ref) {
          ref.remove_prefix(std::min(ref.size(), kHeads.size()));
          if (ref.substr(0, prefix.size()) == prefix && whyNoBranchName(ref).empty()) names.emplace_back(ref);
        });
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<File> Repository::files(std::string_view commit, const Call& call) {
  const std::string id = checkedCommit(commit);
  const std::vector<std::string> listing = {"ls-tree", "-r", "-z", "--full-tree", id + "^{commit}"};
  // Asked first whether it has the commit, a repository would have to answer twice each time.
  process::Finished finished;
  if (!source_->mirror() || source_->has(id, call)) finished = source_->run(listing, call);
  if (!finished.succeeded()) {
    source_->require(id, call);
    finished = source_->run(listing, call);
    if (!finished.succeeded()) source_->command().fail(finished);
  }
  std::vector<File> files;
  split(finished.output, '\0', [&](std::string_view line) { files.push_back(parseTreeLine(line)); });
  return files;
}

std::string Repository::content(const File& file, std::size_t limit, const Call& call) {
  if (file.kind != FileKind::regular) throw Invalid("it is no regular file");
  if (!isObjectName(file.object)) throw Invalid("'" + cleanUtf8(file.object) + "' is no full name of a file's content");
  try {
    process::Finished finished = source_->run({"cat-file", "blob", file.object}, call, limit);
    if (!finished.succeeded()) source_->command().fail(finished);
    return std::move(finished.output);
  } catch (const Exhausted&) {
    throw Invalid("it is longer than " + std::to_string(limit) + " bytes");
  }
}

std::optional<File> Repository::find(std::string_view commit, std::string_view path, const Call& call) {
  const std::string id = checkedCommit(commit);
  source_->require(id, call);
  if (!isPathInTree(path)) return std::nullopt;
  const std::string listing =
      source_->output({"ls-tree", "-z", "--full-tree", id + "^{commit}", "--", std::string(path)}, call);
  std::optional<File> found;
  split(listing, '\0', [&](std::string_view line) {
    File file = parseTreeLine(line);
    if (file.path == path && line.find(" tree ") > line.find('\t')) found = std::move(file);
  });
  return found;
}

void Repository::checkout(std::string_view commit, const std::filesystem::path& folder, const Call& call) {
  const std::string id = checkedCommit(commit);
  source_->require(id, call);
  checkOut(source_->command(), source_->folder(), id, std::filesystem::absolute(folder), call);
}

std::string Repository::probe(const Call& call) {
  if (source_->mirror()) {
    source_->command().output({"ls-remote", "--quiet", "origin", "HEAD"}, call);
  } else {
    source_->output({"for-each-ref", "--count=1", std::string(kHeads)}, call);
  }
  constexpr std::string_view kBefore = "git version ";
  std::string version = source_->command().output({"version"}, call);
  if (version.compare(0, kBefore.size(), kBefore) == 0) version.erase(0, kBefore.size());
  while (!version.empty() && version.back() == '\n') version.pop_back();
  return version;
}

}  // namespace testarena::git
