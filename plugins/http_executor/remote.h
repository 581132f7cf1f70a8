// SPDX-License-Identifier: Apache-2.0
// The server of an environment: requests with the token of the configuration, answers as JSON.
#pragma once

#include <atomic>
#include <string>

#include <testarena/call.h>
#include <testarena/host.h>

#include "http_client.h"
#include "json_value.h"
#include "settings.h"

namespace testarena::http_executor {

/// Threads: any.
class Remote {
 public:
  /// `profile` must outlive it.
  Remote(const Profile& profile, const Host& host);

  /// `target` is whole: it begins with a prefix.
  http::Request request(std::string method, std::string target) const;
  http::Request postOf(std::string target, std::string json) const;

  http::Exchange send(const http::Request& request, const Call& call);

  /// Whether there has been no answer to something since this was asked the last time.
  bool wasLost() { return lost_.exchange(false); }

 private:
  const Profile& profile_;
  const Host host_;
  http::Client client_;
  std::atomic<bool> lost_{false};
};

/// "404: no such queue", of an answer that is not the one hoped for.
std::string said(const http::Answer& answer);

/// The body as JSON. Throws Unavailable, naming the request, if it is none.
json::Value jsonOf(const http::Request& request, const http::Answer& answer);

/// An id as part of a path; those that are allowed stay as they are.
std::string inPath(const std::string& id);

}  // namespace testarena::http_executor
