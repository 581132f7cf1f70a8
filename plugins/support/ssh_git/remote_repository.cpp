// SPDX-License-Identifier: Apache-2.0
#include "remote_repository.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "branch_name.h"
#include "shell_words.h"
#include "split.h"

namespace testarena::ssh {
namespace {

constexpr std::string_view kHeads = "refs/heads/";
constexpr std::size_t kLongestText = 500;

/// git with nothing of the account's or the machine's own configuration, in a repository that may be somebody else's.
std::vector<std::string> gitWords(std::vector<std::string> arguments) {
  std::vector<std::string> words = {"env",
                                    "LC_ALL=C",
                                    "GIT_CONFIG_NOSYSTEM=1",
                                    "GIT_CONFIG_GLOBAL=/dev/null",
                                    "GIT_TERMINAL_PROMPT=0",
                                    "git",
                                    "-c",
                                    "safe.directory=*",
                                    "-C",
                                    "{repository}"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

std::string checkedCommit(std::string_view commit, const std::string& pointer) {
  if (git::isObjectName(commit)) return std::string(commit);
  throw Invalid("'" + cleanUtf8(commit.substr(0, 80)) + "' is no full name of a commit: 40 or 64 digits are expected",
                pointer);
}

template <class Words>
std::string filledIn(std::string_view text, const Words& values) {
  std::string result;
  while (!text.empty()) {
    const auto value = std::find_if(values.begin(), values.end(),
                                    [&](const auto& each) { return text.substr(0, each.first.size()) == each.first; });
    if (value == values.end()) {
      result += text.front();
      text.remove_prefix(1);
    } else {
      result += value->second;
      text.remove_prefix(value->first.size());
    }
  }
  return result;
}

std::string lastLine(std::string_view text) {
  std::string last;
  git::split(text, '\n', [&](std::string_view line) {
    if (!line.empty()) last = line;
  });
  return cleanUtf8(last.substr(0, kLongestText));
}

}  // namespace

RepositoryCommands RepositoryCommands::completed() const {
  RepositoryCommands all = *this;
  if (all.resolve.empty()) {
    all.resolve = gitWords(
        {"for-each-ref", "--format=%(objectname)%00%(refname)%00%(authorname)%00%(committerdate:unix)%00%(subject)%00",
         "refs/heads/{branch}"});
  }
  if (all.branches.empty()) all.branches = gitWords({"for-each-ref", "--format=%(refname)", "refs/heads/"});
  if (all.contains.empty()) all.contains = gitWords({"merge-base", "--is-ancestor", "{commit}", "{tip}"});
  if (all.files.empty()) all.files = gitWords({"ls-tree", "-r", "-z", "--full-tree", "{commit}^0"});
  if (all.content.empty()) all.content = gitWords({"cat-file", "blob", "{object}"});
  return all;
}

RemoteRepository::RemoteRepository(Connection& connection, std::string repository, const RepositoryCommands& commands)
    : connection_(connection), path_(std::move(repository)), commands_(commands.completed()) {
  if (path_.empty() || path_.front() != '/') {
    throw Invalid("'" + cleanUtf8(path_) +
                      "' is no absolute path: the repository has to be on the machine itself; a "
                      "copy of one behind a URL is made there by `git clone --mirror`",
                  "/repository");
  }
  if (path_.find('\0') != std::string::npos) throw Invalid("a path cannot contain a NUL", "/repository");
}

Finished RemoteRepository::run(const std::vector<std::string>& words, const Words& values, const Call& call,
                               std::size_t limit) {
  Words all = values;
  all.emplace_back("{repository}", path_);
  std::vector<std::string> argv;
  argv.reserve(words.size());
  for (const std::string& word : words) argv.push_back(filledIn(word, all));
  Command command;
  command.line = commandLine(argv);
  command.max_output = limit;
  return connection_.run(command, call);
}

void RemoteRepository::fail(const Finished& finished) {
  const std::string said = lastLine(finished.error_output);
  const std::string how = finished.signal.empty() ? "exit code " + std::to_string(finished.exit_code)
                                                  : "signal " + cleanUtf8(finished.signal);
  throw Unavailable("the repository " + path_ + " on " + connection_.name() +
                    " cannot be read: " + (said.empty() ? how : said + " (" + how + ")"));
}

std::string RemoteRepository::output(const std::vector<std::string>& words, const Words& values, const Call& call) {
  Finished finished = run(words, values, call);
  if (!finished.succeeded()) fail(finished);
  return std::move(finished.output);
}

std::optional<git::Commit> RemoteRepository::resolve(std::string_view branch, const Call& call) {
  if (const std::string why = git::whyNoBranchName(branch); !why.empty()) throw Invalid(why, "/branch");
  const std::string wanted = std::string(kHeads) + std::string(branch);
  std::string text = output(commands_.resolve, {{"{branch}", std::string(branch)}}, call);
  // Five fields each, and a line break before the next: patterns of git match more than the one name.
  while (!text.empty()) {
    std::vector<std::string> fields;
    std::size_t begin = text.front() == '\n' ? 1 : 0;
    for (int i = 0; i < 5; ++i) {
      const std::size_t end = text.find('\0', begin);
      if (end == std::string::npos) return std::nullopt;
      fields.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    text.erase(0, begin);
    if (fields[1] != wanted || !git::isObjectName(fields[0])) continue;
    int64_t seconds = 0;
    std::from_chars(fields[3].data(), fields[3].data() + fields[3].size(), seconds);
    git::Commit commit;
    commit.id = fields[0];
    commit.author = cleanUtf8(std::string_view(fields[2]).substr(0, kLongestText));
    commit.committed_at = std::chrono::sys_seconds(std::chrono::seconds(seconds));
    commit.subject = cleanUtf8(std::string_view(fields[4]).substr(0, kLongestText));
    return commit;
  }
  return std::nullopt;
}

bool RemoteRepository::contains(std::string_view tip, std::string_view commit, const Call& call) {
  const Words values = {{"{commit}", checkedCommit(commit, "/contains_commit")},
                        {"{tip}", checkedCommit(tip, "/commit")}};
  const Finished finished = run(commands_.contains, values, call);
  if (finished.succeeded()) return true;
  if (finished.signal.empty() && finished.exit_code == 1) return false;
  probe(call);  // a commit that is not there is no failure, a repository that cannot be read is
  return false;
}

std::vector<std::string> RemoteRepository::branches(std::string_view prefix, const Call& call) {
  std::vector<std::string> names;
  git::split(output(commands_.branches, {}, call), '\n', [&](std::string_view ref) {
    if (ref.substr(0, kHeads.size()) == kHeads) ref.remove_prefix(kHeads.size());
    if (ref.substr(0, prefix.size()) == prefix && git::whyNoBranchName(ref).empty()) names.emplace_back(ref);
  });
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<git::File> RemoteRepository::files(std::string_view commit, const Call& call) {
  const std::string id = checkedCommit(commit, "/commit");
  const Finished finished = run(commands_.files, {{"{commit}", id}}, call);
  if (!finished.succeeded()) {
    probe(call);
    if (run(gitWords({"cat-file", "-e", "{commit}^0"}), {{"{commit}", id}}, call).succeeded()) fail(finished);
    throw NotFound("the repository " + path_ + " on " + connection_.name() + " has no commit " + id);
  }
  std::vector<git::File> files;
  git::split(finished.output, '\0', [&](std::string_view line) { files.push_back(git::parseTreeLine(line)); });
  return files;
}

std::string RemoteRepository::content(const git::File& file, std::size_t limit, const Call& call) {
  if (file.kind != git::FileKind::regular) throw Invalid("it is no regular file");
  if (!git::isObjectName(file.object)) throw Invalid("'" + cleanUtf8(file.object) + "' is no full name of an object");
  try {
    Finished finished = run(commands_.content, {{"{object}", file.object}}, call, limit);
    if (!finished.succeeded()) fail(finished);
    return std::move(finished.output);
  } catch (const Exhausted&) {
    throw Invalid("it is longer than " + std::to_string(limit) + " bytes");
  }
}

std::string RemoteRepository::probe(const Call& call) {
  output(gitWords({"rev-parse", "--git-dir"}), {}, call);
  constexpr std::string_view kBefore = "git version ";
  std::string version = output({"git", "version"}, {}, call);
  if (version.compare(0, kBefore.size(), kBefore) == 0) version.erase(0, kBefore.size());
  while (!version.empty() && version.back() == '\n') version.pop_back();
  return cleanUtf8(version.substr(0, 100));
}

}  // namespace testarena::ssh
