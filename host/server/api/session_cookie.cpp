// SPDX-License-Identifier: Apache-2.0
#include "session_cookie.h"

#include <testarena/error.h>

namespace testarena::server {
namespace {
constexpr const char* kPrivateName = "__Host-testarena";
constexpr const char* kInsecureName = "testarena";
}  // namespace

SessionCookie sessionCookieFor(const http::Request& request, bool insecureAllowed) {
  if (request.origin().secure || request.fromLoopback()) return {kPrivateName, true};
  if (insecureAllowed) return {kInsecureName, false};
  throw Denied(
      "logging in over plain HTTP from another machine would show your password to the network. Put a TLS proxy before "
      "this server and name it in [server] trusted_proxies (config/examples has HAProxy and Caddy), or set [server] "
      "insecure_cookies = true if the network is trusted");
}

std::optional<std::string_view> sessionTokenOf(const http::Request& request) {
  auto token = request.cookie(kPrivateName);
  if (!token && !request.origin().secure) token = request.cookie(kInsecureName);
  if (token && token->empty()) return std::nullopt;
  return token;
}

}  // namespace testarena::server
