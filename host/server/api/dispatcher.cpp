// SPDX-License-Identifier: Apache-2.0
#include "dispatcher.h"

#include <utility>

#include "json_reader.h"
#include "problem.h"

namespace testarena::server {
namespace {

http::Problem problem(int status, const std::string& detail, const http::Request& request) {
  http::Problem made;
  made.status = status;
  made.detail = detail;
  made.request_id = request.id();
  return made;
}

void authorise(Access access, const Actor& actor) {
  if (access == Access::open) return;
  if (actor.role == Role::unknown) throw Unauthenticated("log in first: this needs a session, a token or a password");
  const Role least = access == Access::administrator ? Role::administrator
                     : access == Access::user        ? Role::user
                                                     : Role::viewer;
  if (!actor.atLeast(least)) {
    throw Denied("this needs the role " + std::string(enumName(least)) + "; " + actor.username + " has " +
                 std::string(enumName(actor.role)));
  }
}

/// A body is JSON, or there is none.
bool hasForeignBody(const http::Request& request) {
  return !request.body().empty() && request.contentType() != "application/json";
}

}  // namespace

Dispatcher::Dispatcher(Services& services) : services_(services) {
  const auto& table = routes();
  for (size_t i = 0; i < table.size(); ++i) router_.add(table[i].method, table[i].pattern, i);
}

http::Response Dispatcher::operator()(const http::Request& request) const {
  const TraceScope trace(request.id());
  try {
    return dispatch(request);
  } catch (const WrongPassword& error) {
    return http::problemResponse(problem(401, error.what(), request));
  } catch (const Unauthenticated& error) {
    return http::problemResponse(problem(401, error.what(), request));
  } catch (const TooManyLogins& error) {
    auto response = http::problemResponse(problem(429, error.what(), request));
    response.setHeader("Retry-After", std::to_string(error.wait().count()));
    return response;
  } catch (const KeyReused& error) {
    return http::problemResponse(problem(422, error.what(), request));
  } catch (const JsonRefused& error) {
    auto made = problem(400, "the request's JSON is not what it must be", request);
    for (const auto& item : error.problems()) made.errors.push_back({item.pointer, item.message});
    return http::problemResponse(made);
  } catch (...) {
    return http::problemFromException(
        request.id(), [this](std::string_view, std::string_view text) { log_.error("request failed: {}", text); });
  }
}

http::Response Dispatcher::dispatch(const http::Request& request) const {
  const auto match = router_.match(request.method(), request.segments());
  switch (match.outcome) {
    case http::Router::Outcome::found:
      return serve(routes()[match.index], request, match.parameters);
    case http::Router::Outcome::options:
      return std::move(http::Response::noContent().setHeader("Allow", match.allow));
    case http::Router::Outcome::method_not_allowed:
      return std::move(http::problemResponse(problem(405, "this address knows " + match.allow, request))
                           .setHeader("Allow", match.allow));
    case http::Router::Outcome::not_found:
      break;
  }
  return page(request);
}

http::Response Dispatcher::serve(const Route& route, const http::Request& request,
                                 const http::PathParameters& path) const {
  // Open routes look at no credentials: probes stay cheap, and a stale cookie never keeps anybody from logging in.
  const Actor actor = route.access == Access::open ? Actor{} : actorOf(services_, request);
  refuseForgery(request, actor);
  authorise(route.access, actor);
  if (hasForeignBody(request)) {
    return http::problemResponse(problem(415, "the body must be JSON, with Content-Type: application/json", request));
  }
  return route.handler(services_, {request, path, actor});
}

http::Response Dispatcher::page(const http::Request& request) const {
  const bool reads = request.method() == "GET" || request.method() == "HEAD";
  if (reads) {
    if (auto file = services_.pages.answer(request)) return std::move(*file);
    // Every other address is one of the dashboard's, which its script reads; but an API's client wants to be told.
    const bool isApi = request.rawPath().substr(0, 5) == "/api/";
    const auto accept = request.header("Accept").value_or("");
    if (!isApi && accept.find("text/html") != std::string_view::npos) {
      if (auto index = services_.pages.answer(request, "index.html")) return std::move(*index);
    }
  }
  return http::problemResponse(problem(404, "there is nothing at this address", request));
}

}  // namespace testarena::server
