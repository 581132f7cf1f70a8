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

EnvironmentView viewOf(Environment& environment) {
  const auto& reconciler = environment.reconciler();
  const auto remote = reconciler.remote();
  const auto jobs = reconciler.tally();
  EnvironmentView view;
  view.name = environment.name();
  view.state = remote.state;
  view.since = remote.since;
  view.message = remote.message;
  view.next_try = remote.next_try;
  view.answered_at = remote.answered_at;
  view.last_error = remote.last_error;
  view.last_error_at = remote.last_error_at;
  view.latency_us = remote.latency_us;
  view.latency_median_us = remote.latency_median_us;
  view.executor = stateOf(environment.executorPlugin(), reconciler.health());
  view.discoverer = stateOf(environment.discovererPlugin(), environment.discovery().health());
  view.open_jobs = jobs.open;
  view.unsent_jobs = jobs.unsent;
  view.tombstones = jobs.tombstones;
  return view;
}

}  // namespace

EnvironmentsView viewOf(const Environments& environments) {
  EnvironmentsView view;
  for (const auto& environment : environments.all()) view.environments.push_back(viewOf(*environment));
  return view;
}

http::Response listEnvironments(Services& services, const Visit& visit) {
  http::Parameters(visit.request, {});
  return http::Response::json(toJson(viewOf(services.environments)));
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
