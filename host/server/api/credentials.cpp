// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <sodium.h>

#include "dispatcher.h"
#include "random.h"
#include "session_cookie.h"

namespace testarena::server {
namespace {

bool startsWith(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), text.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b); });
}

Actor byPassword(Services& services, std::string_view encoded, const std::string& address) {
  std::string decoded(encoded.size(), '\0');
  size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(decoded.data()), decoded.size(), encoded.data(),
                        encoded.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    throw Unauthenticated("the Authorization field is not base64");
  }
  decoded.resize(size);
  const auto colon = decoded.find(':');
  if (colon == std::string::npos) throw Unauthenticated("the Authorization field holds no user:password");
  return services.accounts.checkPassword(decoded.substr(0, colon), decoded.substr(colon + 1), address);
}

/// "https://arena.example:8443" is our own origin if that is where the browser sent this request.
bool isOwnOrigin(const http::Request& request, std::string_view origin) {
  const std::string_view scheme = request.origin().secure ? "https://" : "http://";
  return origin.substr(0, scheme.size()) == scheme && origin.substr(scheme.size()) == request.host();
}

}  // namespace

Actor actorOf(Services& services, const http::Request& request) {
  const auto& address = request.origin().client;
  if (const auto authorization = request.header("Authorization")) {
    if (request.headers("Authorization").size() > 1) throw Unauthenticated("two Authorization fields");
    if (startsWith(*authorization, "bearer ")) {
      auto actor = services.sessions.byToken(authorization->substr(7));
      if (!actor) throw Unauthenticated("this token is not valid; it may have expired or been deleted");
      actor->address = address;
      return *actor;
    }
    if (startsWith(*authorization, "basic ")) return byPassword(services, authorization->substr(6), address);
    throw Unauthenticated("unknown kind of authorization; use Bearer or Basic");
  }
  if (const auto token = sessionTokenOf(request)) {
    if (auto actor = services.sessions.bySession(*token)) {
      actor->address = address;
      return *actor;
    }
  }
  Actor nobody;
  nobody.address = address;
  return nobody;
}

void refuseForgery(const http::Request& request, const Actor& actor) {
  const auto method = request.method();
  if (method == "GET" || method == "HEAD" || method == "OPTIONS") return;
  if (const auto origin = request.header("Origin"); origin && !isOwnOrigin(request, *origin)) {
    throw Denied("this request was made by a page of another site (" + std::string(*origin) + ")");
  }
  if (const auto site = request.header("Sec-Fetch-Site"); site && *site != "same-origin" && *site != "none") {
    throw Denied("this request was made by a page of another site");
  }
  if (actor.proof != Proof::session) return;
  const auto token = request.header("X-CSRF-Token");
  if (!token || !constantTimeEqual(*token, actor.csrf_token)) {
    throw Denied("a request that writes needs the session's token in X-CSRF-Token; GET /api/v1/session tells it");
  }
}

}  // namespace testarena::server
