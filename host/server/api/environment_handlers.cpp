// SPDX-License-Identifier: Apache-2.0
#include <testarena/json.h>

#include "handlers.h"
#include "parameters.h"

namespace testarena::server {
namespace {

struct PluginStateView {
  std::string plugin;
  HealthState state = HealthState::unknown;
  std::string message;
  std::string version;
  int64_t slots = 0;
  int64_t slots_used = 0;
  int64_t queued = 0;
  TA_FIELDS(plugin, state, message, version, slots, slots_used, queued)
};

struct EnvironmentView {
  std::string name;
  PluginStateView executor;
  PluginStateView discoverer;
  int64_t open_jobs = 0;  ///< jobs that the server still has to do something for, deleted ones included
  TA_FIELDS(name, executor, discoverer, open_jobs)
};

struct EnvironmentsView {
  std::vector<EnvironmentView> environments;
  TA_FIELDS(environments)
};

struct BranchesView {
  std::vector<std::string> branches;
  bool truncated = false;
  TA_FIELDS(branches, truncated)
};

struct BranchView {
  std::string name;
  std::string commit;
  std::string author;
  Time committed_at{};
  std::string subject;
  TA_FIELDS(name, commit, author, committed_at, subject)
};

PluginStateView stateOf(const std::string& plugin, const Health& health) {
  return {plugin, health.state, health.message, health.version, health.slots, health.slots_used, health.queued};
}

Environment& environmentOf(Services& services, const Visit& visit) {
  return services.environments.get(visit.path.at("environment"));
}

}  // namespace

http::Response listEnvironments(Services& services, const Visit& visit) {
  Parameters(visit.request, {});
  EnvironmentsView view;
  for (const auto& environment : services.environments.all()) {
    const auto& reconciler = environment->reconciler();
    view.environments.push_back({environment->name(), stateOf(environment->executorPlugin(), reconciler.health()),
                                 stateOf(environment->discovererPlugin(), environment->discovery().health()),
                                 static_cast<int64_t>(reconciler.size())});
  }
  return http::Response::json(toJson(view));
}

http::Response listBranches(Services& services, const Visit& visit) {
  const Parameters parameters(visit.request, {"prefix"});
  const auto found = environmentOf(services, visit).discovery().branches(parameters.text("prefix"));
  return http::Response::json(toJson(BranchesView{found.branches, found.truncated}));
}

http::Response showBranch(Services& services, const Visit& visit) {
  const Parameters parameters(visit.request, {"name"});
  const auto branch = environmentOf(services, visit).discovery().resolve(parameters.required("name"));
  return http::Response::json(
      toJson(BranchView{branch.name, branch.commit, branch.author, branch.committed_at, branch.subject}));
}

http::Response listScenarios(Services& services, const Visit& visit) {
  const Parameters parameters(visit.request, {"branch"});
  return http::Response::json(toJson(environmentOf(services, visit).discovery().list(parameters.required("branch"))));
}

}  // namespace testarena::server
