// SPDX-License-Identifier: Apache-2.0
#include "git_discoverer.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <testarena/error.h>

#include "first_copy.h"
#include "manifest_missing.h"
#include "repository_answers.h"
#include "scenario_list.h"
#include "shorter_call.h"

namespace testarena {
namespace {

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
  if (settings.timeout.count() <= 0) throw Invalid("the timeout must be longer than 0", "/timeout");
  if (settings.refresh.count() < 0) throw Invalid("refresh must not be negative", "/refresh");
  return settings;
}

}  // namespace

GitDiscoverer::GitDiscoverer(const Settings& settings, const Host& host)
    : settings_(checked(settings)),
      choice_(settings.branches),
      host_(host),
      repository_(repositorySettings(settings_)) {
  if (repository_.isMirrored()) first_copy_ = std::make_unique<FirstCopy>(repository_, host_);
}

GitDiscoverer::~GitDiscoverer() = default;

Branch GitDiscoverer::resolve(const ResolveRequest& request, Call& call) {
  choice_.check(request);
  return resolveBranch(repository_, request, ShorterCall(call, settings_.timeout));
}

Branches GitDiscoverer::branches(const BranchesRequest& request, Call& call) {
  return choice_.list(request, [&] {
    return repository_.branches(request.prefix, settings_.refresh, ShorterCall(call, settings_.timeout));
  });
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
  manifest::Reading reading = manifest::checkManifest(settings_.scenarios, kConfiguredScenarios);
  if (reading.manifest.scenarios.empty() && reading.diagnostics.empty()) {
    reading.diagnostics.push_back(manifestMissing());
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
  return healthOf(repository_, call);
}

}  // namespace testarena
