// SPDX-License-Identifier: Apache-2.0
// What the routes work with.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "accounts.h"
#include "environments.h"
#include "event_hub.h"
#include "job_list.h"
#include "jobs.h"
#include "sessions.h"
#include "static_files.h"

namespace testarena::server {

/// Built by the composition; everything outlives the HTTP server. Threads: any.
struct Services {
  Accounts& accounts;
  Sessions& sessions;
  JobService& jobs;
  JobList& jobList;
  Environments& environments;
  Storage& storage;
  http::EventHub& hub;
  const http::StaticFiles& pages;
  bool insecureCookies = false;
  std::function<std::string()> plugins;  ///< the JSON of GET /api/v1/plugins
  std::function<std::string()> metrics;  ///< the text of GET /metrics
  std::function<bool()> stopping;        ///< the server is on its way down: not ready
  std::shared_ptr<const std::string> openapi;
};

}  // namespace testarena::server
