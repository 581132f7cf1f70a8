// SPDX-License-Identifier: Apache-2.0
// Probes and figures, and what the status page has to know before it can ask.
#include <testarena/json.h>
#include <testarena/record.h>

#include "answers.h"
#include "handlers.h"

namespace testarena::runner {
namespace {

struct Check {
  std::string name;
  bool ok = false;
  std::string message;
  TA_FIELDS(name, ok, message)
};

struct Readiness {
  bool ready = false;
  std::vector<Check> checks;
  TA_FIELDS(ready, checks)
};

}  // namespace

http::Response showLiveness(Services&, const Visit&) {
  return objectAnswer({{"status", "ok"}});
}

http::Response showReadiness(Services& services, const Visit&) {
  Readiness readiness;
  const bool answers = services.dispatcher.areCapabilitiesKnown();
  readiness.checks.push_back({"executor", answers, answers ? "" : "the executor has not answered yet"});
  const bool stopping = services.stopping();
  readiness.checks.push_back({"serving", !stopping, stopping ? "the runner is stopping" : ""});
  readiness.ready = answers && !stopping;
  return http::Response::json(toJson(readiness), readiness.ready ? 200 : 503);
}

http::Response showMetrics(Services& services, const Visit&) {
  http::Response response(200);
  response.setBody(services.metrics(), "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

http::Response showPageSettings(Services& services, const Visit&) {
  return objectAnswer({{"prefix", services.prefix}});
}

}  // namespace testarena::runner
