// SPDX-License-Identifier: Apache-2.0
// Takes a request to its handler, and makes every error an answer.
#pragma once

#include <string>
#include <string_view>

#include "log.h"
#include "request.h"
#include "response.h"
#include "route.h"
#include "router.h"

namespace testarena::runner {

/// The one way that every request takes. Constant after construction; any thread.
class FrontDesk {
 public:
  explicit FrontDesk(Services& services);

  /// Never throws: what goes wrong is `{"detail": "..."}`, and what is the runner's fault is in the log.
  http::Response operator()(const http::Request& request) const;

 private:
  http::Response dispatch(const http::Request& request) const;
  http::Response serve(const Route& route, const http::Request& request, const http::PathParameters& path) const;

  Services& services_;
  http::Router router_;
  const Logger log_{"http"};
};

/// `{"detail": "..."}`: how the remote execution protocol tells errors.
http::Response errorAnswer(int status, std::string_view detail);

}  // namespace testarena::runner
