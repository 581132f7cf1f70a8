// SPDX-License-Identifier: Apache-2.0
#include "front_desk.h"

#include <algorithm>
#include <exception>

#include <testarena/json.h>

namespace testarena::runner {
namespace {

int statusOf(const Error& error) {
  switch (error.code()) {
    case Code::invalid:
    case Code::out_of_range:
      return 422;
    case Code::not_found:
      return 404;
    case Code::conflict:
    case Code::wrong_state:
    case Code::unsupported:
      return 409;
    case Code::retry:
    case Code::denied:  // the runner's own rights: not the client's business
    case Code::unavailable:
    case Code::exhausted:
    case Code::cancelled:
    case Code::deadline_exceeded:
      return 503;
    case Code::ok:
    case Code::internal:
      break;
  }
  return 500;
}

}  // namespace

http::Response errorAnswer(int status, std::string_view detail) {
  std::string line(detail);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::string body = R"({"detail":)";
  appendJsonText(body, line);
  body += '}';
  auto response = http::Response::json(std::move(body), status);
  if (status == 401) response.setHeader("WWW-Authenticate", "Bearer realm=\"testarena-runner\"");
  if (status == 503) response.setHeader("Retry-After", "1");
  return response;
}

FrontDesk::FrontDesk(Services& services) : services_(services) {
  const auto& table = routes();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string prefix = table[i].access == Access::client ? services.prefix : std::string();
    router_.add(table[i].method, prefix + table[i].pattern, i);
  }
}

http::Response FrontDesk::operator()(const http::Request& request) const {
  const TraceScope trace(request.id());
  try {
    return dispatch(request);
  } catch (const Unauthenticated& error) {
    return errorAnswer(401, error.what());
  } catch (const Error& error) {
    const int status = statusOf(error);
    if (status == 500) {
      log_.error("request failed: {}", error.what());
      return errorAnswer(500, "Something went wrong here. The log has the reason under the request id " + request.id());
    }
    return errorAnswer(status, (error.pointer().empty() ? "" : error.pointer() + ": ") + error.what());
  } catch (const std::exception& error) {
    log_.error("request failed: {}", error.what());
  } catch (...) {
    log_.error("request failed: something that is not a std::exception was thrown");
  }
  return errorAnswer(500, "Something went wrong here. The log has the reason under the request id " + request.id());
}

http::Response FrontDesk::dispatch(const http::Request& request) const {
  const auto match = router_.match(request.method(), request.segments());
  switch (match.outcome) {
    case http::Router::Outcome::found:
      return serve(routes()[match.index], request, match.parameters);
    case http::Router::Outcome::options:
      return std::move(http::Response::noContent().setHeader("Allow", match.allow));
    case http::Router::Outcome::method_not_allowed:
      return std::move(errorAnswer(405, "this address knows " + match.allow).setHeader("Allow", match.allow));
    case http::Router::Outcome::not_found:
      break;
  }
  if (request.method() == "GET" || request.method() == "HEAD") {
    if (auto page = services_.pages.answer(request)) return std::move(*page);
  }
  return errorAnswer(404, "there is nothing at this address");
}

http::Response FrontDesk::serve(const Route& route, const http::Request& request,
                                const http::PathParameters& path) const {
  std::string client;
  if (route.access == Access::client) client = services_.credentials.check(request);
  if (route.body == Body::json && request.contentType() != "application/json") {
    return errorAnswer(415, "the body must be JSON, with Content-Type: application/json");
  }
  return route.handler(services_, {request, path, client});
}

}  // namespace testarena::runner
