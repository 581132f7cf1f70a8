// SPDX-License-Identifier: Apache-2.0
#include "git_discoverer.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "branch_name.h"
#include "first_copy.h"
#include "glob.h"
#include "scenario_list.h"

namespace testarena {
namespace {

constexpr int64_t kMostBranches = 10000;
constexpr std::chrono::milliseconds kHealthLimit{1800};  // the contract gives 2 s

git::RepositorySettings repositorySettings(const GitDiscoverer::Settings& settings) {
  git::RepositorySettings repository;
  repository.repository = settings.repository;
  if (!settings.data.empty()) repository.mirrors = std::filesystem::path(settings.data) / "mirrors";
  repository.credentials_file = settings.credentials_file;
  repository.key_file = settings.key_file;
  repository.known_hosts_file = settings.known_hosts_file;
  return repository;
}

GitDiscoverer::Settings checked(const GitDiscoverer::Settings& settings) {
  for (std::size_t i = 0; i < settings.branches.size(); ++i) {
    if (const std::string why = manifest::whyNoGlob(settings.branches[i]); !why.empty()) {
      throw Invalid("the pattern '" + settings.branches[i] + "' " + why, "/branches/" + std::to_string(i));
    }
  }
  if (settings.timeout.count() <= 0) throw Invalid("the timeout must be longer than 0", "/timeout");
  if (settings.refresh.count() < 0) throw Invalid("refresh must not be negative", "/refresh");
  return settings;
}

/// The same call with a nearer end.
class ShorterCall : public Call {
 public:
  ShorterCall(const Call& call, std::chrono::milliseconds limit)
      : Call(std::min(call.remaining(), limit), std::string(call.traceId()), [&call] { return call.cancelled(); }) {}
};

}  // namespace

GitDiscoverer::GitDiscoverer(const Settings& settings, const Host& host)
    : settings_(checked(settings)), host_(host), repository_(repositorySettings(settings_)) {
  if (repository_.isMirrored()) first_copy_ = std::make_unique<FirstCopy>(repository_, host_);
}

GitDiscoverer::~GitDiscoverer() = default;

bool GitDiscoverer::mayBeChosen(std::string_view branch) const {
  return settings_.branches.empty() ||
         std::any_of(settings_.branches.begin(), settings_.branches.end(),
                     [&](const std::string& pattern) { return manifest::globMatches(pattern, branch); });
}

Branch GitDiscoverer::resolve(const ResolveRequest& request, Call& call) {
  if (const std::string why = git::whyNoBranchName(request.branch); !why.empty()) throw Invalid(why, "/branch");
  if (!request.contains_commit.empty() && !git::isObjectName(request.contains_commit)) {
    throw Invalid("contains_commit must be the full name of a commit, in lower case", "/contains_commit");
  }
  if (!mayBeChosen(request.branch)) {
    std::string patterns;
    for (const std::string& pattern : settings_.branches) patterns += (patterns.empty() ? "" : ", ") + pattern;
    throw Invalid("the branch '" + request.branch + "' cannot be chosen here, only " + patterns, "/branch");
  }
  const ShorterCall shorter(call, settings_.timeout);
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

Branches GitDiscoverer::branches(const BranchesRequest& request, Call& call) {
  if (request.limit < 1) throw Invalid("the limit must be at least 1", "/limit");
  const auto limit = static_cast<std::size_t>(std::min(request.limit, kMostBranches));
  Branches answer;
  for (std::string& name :
       repository_.branches(request.prefix, settings_.refresh, ShorterCall(call, settings_.timeout))) {
    if (!mayBeChosen(name)) continue;
    if (answer.branches.size() == limit) {
      answer.truncated = true;
      break;
    }
    answer.branches.push_back(std::move(name));
  }
  return answer;
}

manifest::Reading GitDiscoverer::readManifestOf(const std::vector<git::File>& files, const Call& call) {
  const std::string path(manifest::kFileName);
  const auto file = std::lower_bound(files.begin(), files.end(), path,
                                     [](const git::File& a, const std::string& b) { return a.path < b; });
  if (file != files.end() && file->path == path) {
    try {
      return manifest::readManifest(repository_.content(*file, manifest::kMaxFileSize, call));
    } catch (const Invalid& error) {
      manifest::Reading reading;
      reading.diagnostics.push_back({path, 0, 0, error.what()});
      return reading;
    }
  }
  manifest::Reading reading = manifest::checkManifest(settings_.scenarios, "`scenarios` in the server's configuration");
  if (reading.manifest.scenarios.empty() && reading.diagnostics.empty()) {
    reading.diagnostics.push_back({path, 0, 0,
                                   "the commit has no such file, and the server's configuration names no scenarios for "
                                   "it: add the file to say what can be run"});
  }
  return reading;
}

Scan GitDiscoverer::scan(const ScanRequest& request, Call& call) {
  const ShorterCall shorter(call, settings_.timeout);
  const std::vector<git::File> files = repository_.files(request.commit, shorter);
  const manifest::Reading reading = readManifestOf(files, shorter);
  std::vector<manifest::SourceFile> sources;
  sources.reserve(files.size());
  for (const git::File& file : files) {
    sources.push_back({file.path, file.object, file.kind == git::FileKind::regular});
  }
  return manifest::listScenarios(reading, sources);
}

Health GitDiscoverer::health(const HealthRequest&, Call& call) {
  Health health;
  try {
    health.version = "git " + repository_.probe(ShorterCall(call, kHealthLimit));
    health.state = HealthState::ok;
  } catch (const Error& error) {
    health.state = HealthState::down;
    health.message = error.what();
  }
  return health;
}

}  // namespace testarena
