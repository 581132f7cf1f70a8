// SPDX-License-Identifier: Apache-2.0
#include <testarena/json.h>

#include "handlers.h"
#include "json_reader.h"
#include "parameters.h"
#include "views.h"

namespace testarena::server {
namespace {

constexpr int64_t kStandardPage = 50;
constexpr int64_t kMostPage = 500;
constexpr int64_t kMostId = (int64_t{1} << 53) - 1;

http::Response answer(Services& services, const Job& job, int status) {
  return http::Response::json(toJson(viewOf(job, services.jobs.logs())), status);
}

int64_t jobIdOf(const Visit& visit) {
  return http::idFrom(visit.path.at("id"), "job");
}

}  // namespace

http::Response submitJob(Services& services, const Visit& visit) {
  http::Parameters(visit.request, {});
  const auto order = readJson<JobOrder>(visit.request.body());
  const std::string key(visit.request.header("Idempotency-Key").value_or(""));
  const auto submitted = services.jobs.submit(visit.actor, order, key);
  auto response = answer(services, submitted.job, submitted.created ? 201 : 200);
  response.setHeader("Location", "/api/v1/jobs/" + std::to_string(submitted.job.row.id));
  return response;
}

http::Response listJobs(Services& services, const Visit& visit) {
  const auto query = jobQueryOf(visit);
  return services.jobList.answer(visit.request, query);
}

JobQuery jobQueryOf(const Visit& visit) {
  const http::Parameters parameters(visit.request, {"q", "state", "user", "environment", "branch", "limit", "after"});
  JobQuery query;
  query.q = parameters.text("q");
  query.user = parameters.text("user");
  query.environment = parameters.text("environment");
  query.branch = parameters.text("branch");
  query.limit = parameters.number("limit", kStandardPage, 1, kMostPage);
  query.after = parameters.number("after", 1, kMostId);
  if (const auto state = parameters.text("state"); !state.empty()) {
    query.state = enumValue<State>(state);
    if (!query.state || *query.state == State::unknown || *query.state == State::skipped) {
      throw Invalid("unknown state '" + state + "'; known are: waiting, in_progress, passed, failed, errored, aborted",
                    "state");
    }
  }
  // What most people come for is their own; who asks for somebody gets them.
  if (query.q.empty() && query.user.empty() && !visit.actor.isAdministrator()) query.user = visit.actor.username;
  return query;
}

http::Response showJob(Services& services, const Visit& visit) {
  http::Parameters(visit.request, {});
  return answer(services, services.jobs.get(jobIdOf(visit)), 200);
}

http::Response abortJob(Services& services, const Visit& visit) {
  http::Parameters(visit.request, {});
  const auto job = services.jobs.abort(visit.actor, jobIdOf(visit));
  return answer(services, job, hasEnded(job.row.state) ? 200 : 202);
}

http::Response deleteJob(Services& services, const Visit& visit) {
  http::Parameters(visit.request, {});
  services.jobs.remove(visit.actor, jobIdOf(visit));
  return http::Response::noContent();
}

}  // namespace testarena::server
