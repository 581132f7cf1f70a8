// SPDX-License-Identifier: Apache-2.0
// The cookie that carries a session.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "request.h"

namespace testarena::server {

struct SessionCookie {
  std::string name;
  bool secure;
};

/// `__Host-testarena` where the way to the browser is private: TLS, told by a trusted proxy, or this machine itself.
/// Else `testarena` without Secure if the configuration allows it, and `Denied` with the way out if not.
SessionCookie sessionCookieFor(const http::Request& request, bool insecureAllowed);

/// The token in the request's cookie, whichever name it has.
std::optional<std::string_view> sessionTokenOf(const http::Request& request);

}  // namespace testarena::server
