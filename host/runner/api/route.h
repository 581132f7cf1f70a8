// SPDX-License-Identifier: Apache-2.0
// One row of the route table.
#pragma once

#include <vector>

#include "request.h"
#include "response.h"
#include "router.h"
#include "services.h"

namespace testarena::runner {

enum class Access {
  open,    ///< anybody: probes, and the page, which holds nothing by itself
  client,  ///< whoever has a token, or is let in without
};

/// What the body must be; what is not asked for is not looked at.
enum class Body { none, json };

struct Visit {
  const http::Request& request;
  const http::PathParameters& path;
  const std::string& client;  ///< the name of the token; empty without
};

struct Route {
  const char* method;
  const char* pattern;  ///< behind the prefix for clients' routes, whole for open ones
  Access access;
  Body body;
  http::Response (*handler)(Services&, const Visit&);
};

/// All routes of the runner: routes.cpp.
const std::vector<Route>& routes();

}  // namespace testarena::runner
