// SPDX-License-Identifier: Apache-2.0
#include "handlers.h"

namespace testarena::server {

const std::vector<Route>& routes() {
  // clang-format off
  static const std::vector<Route> kRoutes = {
      {"POST",   "/api/v1/session",                                Access::open,          logIn},
      {"GET",    "/api/v1/session",                                Access::viewer,        whoAmI},
      {"DELETE", "/api/v1/session",                                Access::viewer,        logOut},

      {"GET",    "/api/v1/environments",                           Access::viewer,        listEnvironments},
      {"GET",    "/api/v1/environments/{environment}/branches",    Access::viewer,        listBranches},
      {"GET",    "/api/v1/environments/{environment}/branch",      Access::viewer,        showBranch},
      {"GET",    "/api/v1/environments/{environment}/scenarios",   Access::viewer,        listScenarios},

      {"POST",   "/api/v1/jobs",                                   Access::user,          submitJob},
      {"GET",    "/api/v1/jobs",                                   Access::viewer,        listJobs},
      {"GET",    "/api/v1/jobs/{id}",                              Access::viewer,        showJob},
      {"POST",   "/api/v1/jobs/{id}/abort",                        Access::user,          abortJob},
      {"DELETE", "/api/v1/jobs/{id}",                              Access::user,          deleteJob},
      {"GET",    "/api/v1/jobs/{id}/log",                          Access::viewer,        readJobLog},
      {"GET",    "/api/v1/jobs/{id}/runs/{scenario}/{attempt}/log",              Access::viewer, readRunLog},
      {"GET",    "/api/v1/jobs/{id}/runs/{scenario}/{attempt}/artifacts",        Access::viewer, listArtifacts},
      {"GET",    "/api/v1/jobs/{id}/runs/{scenario}/{attempt}/artifacts/{name}", Access::viewer, readArtifact},
      {"GET",    "/api/v1/events",                                 Access::viewer,        followEvents},

      {"GET",    "/api/v1/plugins",                                Access::administrator, listPlugins},
      {"GET",    "/api/v1/status/buildinfo",                       Access::open,          showBuild},
      {"GET",    "/api/openapi.json",                              Access::open,          showOpenApi},
      {"GET",    "/livez",                                         Access::open,          showLiveness},
      {"GET",    "/readyz",                                        Access::open,          showReadiness},
      {"GET",    "/metrics",                                       Access::open,          showMetrics},

      {"POST",   "/api/submit_job",                                Access::open,          submitCompatibleJob},
      {"GET",    "/api/job/{id}",                                  Access::viewer,        showCompatibleJob},
  };
  // clang-format on
  return kRoutes;
}

}  // namespace testarena::server
