// SPDX-License-Identifier: Apache-2.0
// One row of the route table.
#pragma once

#include <string>
#include <vector>

#include "actor.h"
#include "request.h"
#include "response.h"
#include "router.h"
#include "services.h"

namespace testarena::server {

/// Who may use a route. What belongs to somebody is checked once more by the service that holds it.
enum class Access {
  open,    ///< anybody, without credentials
  viewer,  ///< everybody who is logged in
  user,    ///< who may submit jobs
  administrator,
};

/// A request with all that was found out about it.
struct Visit {
  const http::Request& request;
  const http::PathParameters& path;
  const Actor& actor;  ///< without a role on open routes
};

using RouteHandler = http::Response (*)(Services&, const Visit&);

struct Route {
  const char* method;
  const char* pattern;
  Access access;
  RouteHandler handler;
};

/// All routes of the server: routes.cpp.
const std::vector<Route>& routes();

}  // namespace testarena::server
