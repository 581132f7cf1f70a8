// SPDX-License-Identifier: Apache-2.0
#include "metrics.h"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "build_info.h"
#include "front_metrics.h"

namespace testarena::server {

void appendEnvironmentMetrics(const Environments& environments, std::string& out) {
  // Names of environments are of letters, digits, '.', '_' and '-': nothing to escape in a label.
  auto each = [&](std::string_view name, std::string_view help, auto value) {
    http::appendMetricHead(out, name, "gauge", help);
    for (const auto& environment : environments.all()) {
      fmt::format_to(std::back_inserter(out), "{}{{environment=\"{}\"}} {}\n", name, environment->name(),
                     value(environment->reconciler()));
    }
  };
  each("testarena_environment_open_jobs", "Jobs that something is still to be done for.",
       [](const Reconciler& reconciler) { return reconciler.size(); });
  each("testarena_environment_up", "1 while the executor answers.", [](const Reconciler& reconciler) {
    const auto state = reconciler.health().state;
    return state == HealthState::ok || state == HealthState::degraded ? 1 : 0;
  });
}

void appendBuildMetrics(std::string& out) {
  const auto& info = buildInfo();
  http::appendMetricHead(out, "testarena_build_info", "gauge", "Which build this is.");
  fmt::format_to(std::back_inserter(out), "testarena_build_info{{version=\"{}\",commit=\"{}\"}} 1\n", info.version,
                 info.commit);
}

}  // namespace testarena::server
