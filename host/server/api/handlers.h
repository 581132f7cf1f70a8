// SPDX-License-Identifier: Apache-2.0
// The handlers of all routes: each parses, calls one service and renders. What they throw becomes a problem answer.
#pragma once

#include "api_records.h"
#include "route.h"

namespace testarena::server {

// session_handlers.cpp
http::Response logIn(Services&, const Visit&);
http::Response whoAmI(Services&, const Visit&);
http::Response logOut(Services&, const Visit&);

// environment_handlers.cpp
EnvironmentsView viewOf(const Environments&);
http::Response listEnvironments(Services&, const Visit&);
http::Response listBranches(Services&, const Visit&);
http::Response showBranch(Services&, const Visit&);
http::Response listScenarios(Services&, const Visit&);

// job_handlers.cpp
http::Response submitJob(Services&, const Visit&);
http::Response listJobs(Services&, const Visit&);
http::Response showJob(Services&, const Visit&);
http::Response abortJob(Services&, const Visit&);
http::Response deleteJob(Services&, const Visit&);
/// What the address asks for; without `q` and `user`, people who are not administrators get their own jobs.
JobQuery jobQueryOf(const Visit&);

// log_handlers.cpp
http::Response readJobLog(Services&, const Visit&);
http::Response readRunLog(Services&, const Visit&);
http::Response listArtifacts(Services&, const Visit&);
http::Response readArtifact(Services&, const Visit&);

// event_handlers.cpp
http::Response followEvents(Services&, const Visit&);

// operation_handlers.cpp
http::Response showLiveness(Services&, const Visit&);
http::Response showReadiness(Services&, const Visit&);
http::Response showMetrics(Services&, const Visit&);
http::Response showBuild(Services&, const Visit&);
http::Response listPlugins(Services&, const Visit&);
http::Response showOpenApi(Services&, const Visit&);

// compatible_handlers.cpp: the API that scripts of earlier installations use
http::Response submitCompatibleJob(Services&, const Visit&);
http::Response showCompatibleJob(Services&, const Visit&);

}  // namespace testarena::server
