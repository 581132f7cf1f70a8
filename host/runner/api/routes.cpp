// SPDX-License-Identifier: Apache-2.0
#include "handlers.h"

namespace testarena::runner {

const std::vector<Route>& routes() {
  // clang-format off
  static const std::vector<Route> kRoutes = {
      {"POST",   "/queue",          Access::client, Body::json, postQueue},
      {"GET",    "/queues",         Access::client, Body::none, listQueues},
      {"GET",    "/status/{id}",    Access::client, Body::none, showStatus},
      {"POST",   "/abort/{id}",     Access::client, Body::none, abortQueueOrTask},
      {"DELETE", "/delete/{id}",    Access::client, Body::none, deleteQueue},

      {"GET",    "/capabilities",   Access::client, Body::none, showCapabilities},
      {"POST",   "/statuses",       Access::client, Body::json, showStatuses},
      {"GET",    "/log/{id}",       Access::client, Body::none, readLog},
      {"GET",    "/artifacts/{id}", Access::client, Body::none, listArtifacts},
      {"GET",    "/artifact/{id}",  Access::client, Body::none, readArtifact},
      {"GET",    "/changes",        Access::client, Body::none, waitForChanges},
      {"GET",    "/jobs",           Access::client, Body::none, listJobs},
      {"GET",    "/health",         Access::client, Body::none, showHealth},

      {"GET",    "/livez",          Access::open,   Body::none, showLiveness},
      {"GET",    "/readyz",         Access::open,   Body::none, showReadiness},
      {"GET",    "/metrics",        Access::open,   Body::none, showMetrics},
      {"GET",    "/page.json",      Access::open,   Body::none, showPageSettings},
  };
  // clang-format on
  return kRoutes;
}

}  // namespace testarena::runner
