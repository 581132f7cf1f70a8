// SPDX-License-Identifier: Apache-2.0
#include <testarena/json.h>

#include "api_records.h"
#include "handlers.h"
#include "parameters.h"

namespace testarena::server {
namespace {

PluginStateView stateOf(const std::string& plugin, const Health& health) {
  return {plugin, health.state, health.message, health.version, health.slots, health.slots_used, health.queued};
}

Environment& environmentOf(Services& services, const Visit& visit) {
  return services.environments.get(visit.path.at("environment"));
}

}  // namespace

http::Response listEnvironments(Services& services, const Visit& visit) {
  http::Parameters(visit.request, {});
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
  const http::Parameters parameters(visit.request, {"prefix"});
  const auto found = environmentOf(services, visit).discovery().branches(parameters.text("prefix"));
  return http::Response::json(toJson(BranchesView{found.branches, found.truncated}));
}

http::Response showBranch(Services& services, const Visit& visit) {
  const http::Parameters parameters(visit.request, {"name"});
  const auto branch = environmentOf(services, visit).discovery().resolve(parameters.required("name"));
  return http::Response::json(
      toJson(BranchView{branch.name, branch.commit, branch.author, branch.committed_at, branch.subject}));
}

http::Response listScenarios(Services& services, const Visit& visit) {
  const http::Parameters parameters(visit.request, {"branch"});
  return http::Response::json(toJson(environmentOf(services, visit).discovery().list(parameters.required("branch"))));
}

}  // namespace testarena::server
