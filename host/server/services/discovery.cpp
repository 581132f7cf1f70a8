// SPDX-License-Identifier: Apache-2.0
#include "discovery.h"

#include <algorithm>
#include <utility>

#include "trace.h"

namespace testarena::server {
namespace {

using namespace std::chrono_literals;

constexpr auto kDiscovererLimit = 60s;
constexpr auto kHealthLimit = 2s;
constexpr auto kStorageLimit = 10s;
constexpr int64_t kMostBranches = 100;

}  // namespace

// A branch may move at any time: its commit is believed for as long as a person needs from one click to the next, no
// longer.
Discovery::Discovery(std::string environment, Discoverer& discoverer, Storage& storage, const Clock& clock)
    : environment_(std::move(environment)),
      discoverer_(discoverer),
      storage_(storage),
      branches_(clock, 1s, 1000),
      scans_(clock, 24h, 100),
      health_(clock, 10s, 1) {}

Branches Discovery::branches(const std::string& prefix) {
  auto call = callWithin(kDiscovererLimit);
  return discoverer_.branches({prefix, kMostBranches}, call);
}

Branch Discovery::ask(const std::string& branch, const std::string& containsCommit) {
  return *branches_.get(branch + '\n' + containsCommit, [&] {
    auto call = callWithin(kDiscovererLimit);
    return discoverer_.resolve({branch, containsCommit}, call);
  });
}

Branch Discovery::resolve(const std::string& branch) {
  auto answer = ask(branch, "");
  if (!answer.found) throw NotFound("there is no branch '" + branch + "' in the repository of " + environment_);
  return answer;
}

bool Discovery::contains(const std::string& branch, const std::string& commit) {
  const auto answer = ask(branch, commit);
  return answer.found && (answer.commit == commit || answer.contains);
}

Scan Discovery::scan(const std::string& commit) {
  auto scan = *scans_.get(commit, [&] {
    auto call = callWithin(kDiscovererLimit);
    return discoverer_.scan({commit}, call);
  });
  addExpansions(commit, scan);
  return scan;
}

void Discovery::addExpansions(const std::string& commit, Scan& scan) {
  const bool expands =
      std::any_of(scan.scenarios.begin(), scan.scenarios.end(), [](const auto& s) { return s.expands; });
  if (!expands) return;
  auto call = callWithin(kStorageLimit);
  const auto known = storage_.get_expansions({environment_, commit}, call);
  std::vector<Scenario> all;
  for (auto& scenario : scan.scenarios) {
    all.push_back(scenario);
    if (!scenario.expands) continue;
    for (const auto& expansion : known.expansions) {
      if (expansion.lister != scenario.name) continue;
      for (const auto& run : expansion.runs) {
        Scenario single;
        single.name = run.scenario;
        single.path = run.path;
        single.tags = scenario.tags;
        single.timeout_s = scenario.timeout_s;
        single.expanded_from = expansion.lister;
        all.push_back(std::move(single));
      }
    }
  }
  scan.scenarios = std::move(all);
}

ScenarioList Discovery::list(const std::string& branch) {
  const auto resolved = resolve(branch);
  auto scanned = scan(resolved.commit);
  return {resolved.name, resolved.commit, std::move(scanned.scenarios), std::move(scanned.diagnostics)};
}

Health Discovery::health() {
  return *health_.get("", [&] {
    try {
      auto call = callWithin(kHealthLimit);
      return discoverer_.health({}, call);
    } catch (const std::exception& error) {
      Health health;
      health.state = HealthState::down;
      health.message = error.what();
      return health;
    }
  });
}

}  // namespace testarena::server
