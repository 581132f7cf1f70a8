// SPDX-License-Identifier: Apache-2.0
#include "ssh_discoverer.h"

#include <algorithm>
#include <utility>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "branch_name.h"
#include "manifest_missing.h"
#include "remote_manifest.h"
#include "repository_answers.h"
#include "scenario_list.h"
#include "shorter_call.h"

namespace testarena {
namespace {

SshDiscoverer::Settings checked(const SshDiscoverer::Settings& settings) {
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
      choice_(settings.branches),
      host_(host),
      connection_(ssh::connectionSettings(settings), [host](const std::string& problem) { host.error(problem); }),
      repository_(connection_, settings.repository, commandsOf(settings)) {}

Branch SshDiscoverer::resolve(const ResolveRequest& request, Call& call) {
  choice_.check(request);
  return resolveBranch(repository_, request, ShorterCall(call, settings_.timeout));
}

Branches SshDiscoverer::branches(const BranchesRequest& request, Call& call) {
  return choice_.list(request,
                      [&] { return repository_.branches(request.prefix, ShorterCall(call, settings_.timeout)); });
}

Scan SshDiscoverer::scan(const ScanRequest& request, Call& call) {
  if (!git::isObjectName(request.commit)) {
    throw Invalid("'" + cleanUtf8(request.commit.substr(0, 80)) + "' is no full name of a commit", "/commit");
  }
  const ShorterCall shorter(call, settings_.timeout);
  return scans_.get(request.commit, shorter, [&] {
    ssh::ReadCommit commit =
        ssh::readCommit(repository_, request.commit, settings_.scenarios, kConfiguredScenarios, shorter);
    if (commit.reading.manifest.scenarios.empty() && commit.reading.diagnostics.empty() &&
        commit.reading.path == kConfiguredScenarios) {
      commit.reading.diagnostics.push_back(manifestMissing());
    }
    return manifest::listScenarios(commit.reading, commit.files);
  });
}

Health SshDiscoverer::health(const HealthRequest&, Call& call) {
  return healthOf(repository_, call);
}

}  // namespace testarena
