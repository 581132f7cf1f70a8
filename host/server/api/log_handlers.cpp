// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <testarena/json.h>

#include "artifact_store.h"
#include "handlers.h"
#include "parameters.h"

namespace testarena::server {
namespace {

constexpr int64_t kStandardPart = 1 << 20;
constexpr int64_t kMostPart = 64 << 20;
constexpr int64_t kFar = int64_t{1} << 60;
constexpr const char* kBytes = "text/plain; charset=utf-8";

http::Response bytesOf(const LogStore& logs, const LogId& log, bool complete, const Visit& visit) {
  const http::Parameters parameters(visit.request, {"offset", "limit"});
  const auto offset = parameters.number("offset", 0, -kFar, kFar);
  const auto limit = std::min(parameters.number("limit", kStandardPart, 0, kFar), kMostPart);
  auto bytes = logs.read(log, offset, limit);
  http::Response response(200);
  response.setHeader("X-Log-Size", std::to_string(logs.size(log)))
      .setHeader("X-Log-Complete", complete ? "true" : "false")
      .setBody(std::move(bytes), kBytes)
      .setKind(http::AnswerKind::download);
  return response;
}

/// The run that an address names.
struct NamedRun {
  LogId id;
  Run run;
};

NamedRun runOf(Services& services, const Visit& visit) {
  const auto job = services.jobs.get(http::idFrom(visit.path.at("id"), "job"));
  const auto& scenario = visit.path.at("scenario");
  const auto attempt = http::idFrom(visit.path.at("attempt"), "attempt");
  const auto run = std::find_if(job.runs.begin(), job.runs.end(),
                                [&](const Run& r) { return r.scenario == scenario && r.attempt == attempt; });
  if (run == job.runs.end()) {
    throw NotFound("job " + std::to_string(job.row.id) + " has no run of '" + scenario + "' with attempt " +
                   std::to_string(attempt));
  }
  return {{job.row.id, scenario, attempt}, *run};
}

}  // namespace

http::Response readJobLog(Services& services, const Visit& visit) {
  const auto job = services.jobs.get(http::idFrom(visit.path.at("id"), "job"));
  const bool complete = hasEnded(job.row.state) && job.progress.log_complete;
  return bytesOf(services.jobs.logs(), {job.row.id, "", 1}, complete, visit);
}

http::Response readRunLog(Services& services, const Visit& visit) {
  const auto named = runOf(services, visit);
  return bytesOf(services.jobs.logs(), named.id, named.run.log_complete, visit);
}

http::Response listArtifacts(Services& services, const Visit& visit) {
  http::Parameters(visit.request, {});
  return http::Response::json(toJson(ArtifactStore(services.jobs.logs()).list(runOf(services, visit).id)));
}

http::Response readArtifact(Services& services, const Visit& visit) {
  const http::Parameters parameters(visit.request, {"offset", "limit"});
  const ArtifactStore store(services.jobs.logs());
  const auto run = runOf(services, visit).id;
  const auto listed = store.list(run).artifacts;
  const auto& name = visit.path.at("name");
  const auto found = std::find_if(listed.begin(), listed.end(), [&](const Artifact& a) { return a.name == name; });
  if (found == listed.end()) throw NotFound("this run has no artifact '" + name + "'");
  const auto offset = parameters.number("offset", 0, 0, kFar);
  const auto limit = std::min(parameters.number("limit", kMostPart, 0, kFar), kMostPart);
  http::Response response(200);
  response.setHeader("X-Artifact-Size", std::to_string(found->size))
      .setHeader("Content-Disposition", "attachment")
      .setBody(store.read(run, static_cast<size_t>(found - listed.begin()), offset, limit), "application/octet-stream")
      .setKind(http::AnswerKind::download);
  return response;
}

}  // namespace testarena::server
