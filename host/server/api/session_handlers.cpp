// SPDX-License-Identifier: Apache-2.0
#include <testarena/json.h>

#include "api_records.h"
#include "handlers.h"
#include "json_reader.h"
#include "session_cookie.h"

namespace testarena::server {
namespace {

struct LogInBody {
  std::string username;
  std::string password;
  TA_FIELDS(username, password)
};

http::Response answer(const Actor& actor, const std::string& csrfToken) {
  SessionView view;
  view.user = {actor.username, actor.display_name, actor.role};
  if (!csrfToken.empty()) view.csrf_token = csrfToken;
  return http::Response::json(toJson(view));
}

}  // namespace

http::Response logIn(Services& services, const Visit& visit) {
  const auto cookie = sessionCookieFor(visit.request, services.insecureCookies);
  const auto body = readJson<LogInBody>(visit.request.body());
  const auto actor = services.accounts.checkPassword(body.username, body.password, visit.request.origin().client);
  const auto session = services.sessions.begin(actor, std::string(visit.request.header("User-Agent").value_or("")));
  auto response = answer(actor, session.csrf_token);
  response.setCookie({cookie.name, session.token, cookie.secure, {}});
  return response;
}

http::Response whoAmI(Services&, const Visit& visit) {
  return answer(visit.actor, visit.actor.csrf_token);
}

http::Response logOut(Services& services, const Visit& visit) {
  if (visit.actor.proof != Proof::session) {
    throw Invalid("there is no session to end: this request came with a token or a password");
  }
  services.sessions.end(visit.actor.session_id);
  services.hub.closeTagged(visit.actor.session_id);
  const auto cookie = sessionCookieFor(visit.request, true);
  auto response = http::Response::noContent();
  response.setCookie({cookie.name, "", cookie.secure, std::chrono::seconds(0)});
  return response;
}

}  // namespace testarena::server
