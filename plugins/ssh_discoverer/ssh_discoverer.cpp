// SPDX-License-Identifier: Apache-2.0
#include "ssh_discoverer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "branch_name.h"
#include "glob.h"
#include "remote_manifest.h"
#include "scenario_list.h"
#include "shorter_call.h"

namespace testarena {
namespace {

constexpr int64_t kMostBranches = 10000;
constexpr std::chrono::milliseconds kHealthLimit{1800};  // the contract gives 2 s
constexpr std::string_view kFallback = "`scenarios` in the server's configuration";

SshDiscoverer::Settings checked(const SshDiscoverer::Settings& settings) {
  for (std::size_t i = 0; i < settings.branches.size(); ++i) {
    if (const std::string why = manifest::whyNoGlob(settings.branches[i]); !why.empty()) {
      throw Invalid("the pattern '" + settings.branches[i] + "' " + why, "/branches/" + std::to_string(i));
    }
  }
  if (settings.timeout.count() <= 0) throw Invalid("the timeout must be longer than 0", "/timeout");
  return settings;
}

/// A template without its word would answer the same for every branch or commit.
void require(const std::vector<std::string>& command, std::string_view word, const std::string& key) {
  const auto has = [&](const std::string& each) { return each.find(word) != std::string::npos; };
  if (command.empty() || std::any_of(command.begin(), command.end(), has)) return;
  throw Invalid(key + " has no " + std::string(word) + " in any of its words", "/" + key);
}

ssh::RepositoryCommands commandsOf(const SshDiscoverer::Settings& settings) {
  require(settings.resolve_command, "{branch}", "resolve_command");
  require(settings.contains_command, "{commit}", "contains_command");
  require(settings.contains_command, "{tip}", "contains_command");
  require(settings.files_command, "{commit}", "files_command");
  require(settings.content_command, "{object}", "content_command");
  return {settings.resolve_command, settings.branches_command, settings.contains_command, settings.files_command,
          settings.content_command};
}

}  // namespace

SshDiscoverer::SshDiscoverer(const Settings& settings, const Host& host)
    : settings_(checked(settings)),
      host_(host),
      connection_(ssh::connectionSettings(settings), [host](const std::string& problem) { host.error(problem); }),
      repository_(connection_, settings.repository, commandsOf(settings)) {}

bool SshDiscoverer::mayBeChosen(std::string_view branch) const {
  return settings_.branches.empty() ||
         std::any_of(settings_.branches.begin(), settings_.branches.end(),
                     [&](const std::string& pattern) { return manifest::globMatches(pattern, branch); });
}

Branch SshDiscoverer::resolve(const ResolveRequest& request, Call& call) {
  if (const std::string why = git::whyNoBranchName(request.branch); !why.empty()) throw Invalid(why, "/branch");
  if (!request.contains_commit.empty() && !git::isObjectName(request.contains_commit)) {
    throw Invalid("contains_commit must be the full name of a commit, in lower case", "/contains_commit");
  }
  if (!mayBeChosen(request.branch)) {
    std::string patterns;
    for (const std::string& pattern : settings_.branches) patterns += (patterns.empty() ? "" : ", ") + pattern;
    throw Invalid("the branch '" + request.branch + "' cannot be chosen here, only " + patterns, "/branch");
  }
  const ssh::ShorterCall shorter(call, settings_.timeout);
  const std::optional<git::Commit> commit = repository_.resolve(request.branch, shorter);
  Branch branch;
  if (!commit) return branch;
  branch.found = true;
  branch.name = request.branch;
  branch.commit = commit->id;
  branch.author = commit->author;
  branch.committed_at = commit->committed_at;
  branch.subject = commit->subject;
  branch.contains =
      !request.contains_commit.empty() && repository_.contains(commit->id, request.contains_commit, shorter);
  return branch;
}

Branches SshDiscoverer::branches(const BranchesRequest& request, Call& call) {
  if (request.limit < 1) throw Invalid("the limit must be at least 1", "/limit");
  const auto limit = static_cast<std::size_t>(std::min(request.limit, kMostBranches));
  Branches answer;
  for (std::string& name : repository_.branches(request.prefix, ssh::ShorterCall(call, settings_.timeout))) {
    if (!mayBeChosen(name)) continue;
    if (answer.branches.size() == limit) {
      answer.truncated = true;
      break;
    }
    answer.branches.push_back(std::move(name));
  }
  return answer;
}

Scan SshDiscoverer::scan(const ScanRequest& request, Call& call) {
  if (!git::isObjectName(request.commit)) {
    throw Invalid("'" + cleanUtf8(request.commit.substr(0, 80)) + "' is no full name of a commit", "/commit");
  }
  const ssh::ShorterCall shorter(call, settings_.timeout);
  return scans_.get(request.commit, shorter, [&] {
    ssh::ReadCommit commit = ssh::readCommit(repository_, request.commit, settings_.scenarios, kFallback, shorter);
    if (commit.reading.manifest.scenarios.empty() && commit.reading.diagnostics.empty() &&
        commit.reading.path == kFallback) {
      commit.reading.diagnostics.push_back({std::string(manifest::kFileName), 0, 0,
                                            "the commit has no such file, and the server's configuration names no "
                                            "scenarios for it: add the file to say what can be run"});
    }
    return manifest::listScenarios(commit.reading, commit.files);
  });
}

Health SshDiscoverer::health(const HealthRequest&, Call& call) {
  Health health;
  try {
    health.version = "git " + repository_.probe(ssh::ShorterCall(call, kHealthLimit));
    health.state = HealthState::ok;
  } catch (const Error& error) {
    health.state = HealthState::down;
    health.message = error.what();
  }
  return health;
}

}  // namespace testarena
