// SPDX-License-Identifier: Apache-2.0
#include <testarena/json.h>

#include "api_records.h"
#include "build_info.h"
#include "handlers.h"
#include "trace.h"

namespace testarena::server {
namespace {

Check checkStorage(Storage& storage) {
  try {
    auto call = callWithin(std::chrono::seconds(2));
    const auto health = storage.health({}, call);
    return {"storage", health.state == HealthState::ok || health.state == HealthState::degraded, health.message};
  } catch (const std::exception& error) {
    return {"storage", false, error.what()};
  }
}

}  // namespace

http::Response showLiveness(Services&, const Visit&) {
  static const auto kAlive = std::make_shared<const std::string>(R"({"status":"ok"})");
  http::Response response(200);
  response.setBody(kAlive, "application/json");
  return response;
}

http::Response showReadiness(Services& services, const Visit&) {
  Readiness readiness;
  readiness.checks.push_back(checkStorage(services.storage));
  const bool stopping = services.stopping();
  readiness.checks.push_back({"serving", !stopping, stopping ? "the server is stopping" : ""});
  readiness.ready = true;
  for (const auto& check : readiness.checks) readiness.ready = readiness.ready && check.ok;
  return http::Response::json(toJson(readiness), readiness.ready ? 200 : 503);
}

http::Response showMetrics(Services& services, const Visit&) {
  http::Response response(200);
  response.setBody(services.metrics(), "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

http::Response showBuild(Services&, const Visit&) {
  return http::Response::json(toJson(buildInfo()));
}

http::Response listPlugins(Services& services, const Visit&) {
  return http::Response::json(services.plugins());
}

http::Response showOpenApi(Services& services, const Visit&) {
  http::Response response(200);
  response.setBody(services.openapi, "application/json").setHeader("Cache-Control", "no-cache");
  return response;
}

}  // namespace testarena::server
