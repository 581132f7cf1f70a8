// SPDX-License-Identifier: Apache-2.0
// Takes a request to its handler: finds the route, finds out who asks, and refuses what may not be.
#pragma once

#include "log.h"
#include "request.h"
#include "response.h"
#include "route.h"
#include "router.h"

namespace testarena::server {

/// The one way that every request takes. Constant after construction; any thread.
class Dispatcher {
 public:
  explicit Dispatcher(Services& services);

  /// Never throws: what goes wrong is a problem answer, and what is the server's fault is in the log.
  http::Response operator()(const http::Request& request) const;

 private:
  http::Response dispatch(const http::Request& request) const;
  http::Response serve(const Route& route, const http::Request& request, const http::PathParameters& path) const;
  http::Response page(const http::Request& request) const;

  Services& services_;
  http::Router router_;
  const Logger log_{"http"};
};

/// Who asks, by cookie, bearer token or password. Without credentials an Actor without a role; `WrongPassword` and
/// `Unauthenticated` for wrong ones.
Actor actorOf(Services& services, const http::Request& request);

/// Refuses (`Denied`) a request that writes and that another site made the browser send: a foreign Origin or
/// Sec-Fetch-Site whatever the credentials, and a session's cookie without the session's X-CSRF-Token.
void refuseForgery(const http::Request& request, const Actor& actor);

/// No credentials, or such that are worth nothing.
class Unauthenticated : public Denied {
 public:
  using Denied::Denied;
};

}  // namespace testarena::server
