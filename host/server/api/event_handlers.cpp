// SPDX-License-Identifier: Apache-2.0
#include <testarena/json.h>

#include "handlers.h"
#include "job_publisher.h"
#include "parameters.h"
#include "views.h"

namespace testarena::server {
namespace {

/// One job: its complete state first, then its changes.
void followJob(Services& services, int64_t id, http::Stream& stream) {
  stream.topics = {topicOf(id), kEnvironmentsTopic};
  stream.snapshot = [&services, id] {
    const auto job = services.jobs.get(id);
    http::Snapshot snapshot;
    snapshot.events.push_back({"snapshot", toJson(viewOf(job, services.jobs.logs()))});
    snapshot.revision = static_cast<std::uint64_t>(job.row.revision);
    return snapshot;
  };
}

/// What the job list shows: the page that the address asks for, then the rows of all jobs that change.
void followList(Services& services, const JobQuery& query, http::Stream& stream) {
  stream.topics = {kJobListTopic, kEnvironmentsTopic};
  stream.snapshot = [&services, query] {
    http::Snapshot snapshot;
    snapshot.events.push_back({"snapshot", *services.jobList.page(query)});
    return snapshot;
  };
}

/// How the environments are, then which has changed.
void followEnvironments(Services& services, http::Stream& stream) {
  stream.topics = {kEnvironmentsTopic};
  stream.snapshot = [&services] {
    http::Snapshot snapshot;
    snapshot.events.push_back({"snapshot", toJson(viewOf(services.environments))});
    return snapshot;
  };
}

}  // namespace

http::Response followEvents(Services& services, const Visit& visit) {
  http::Stream stream;
  stream.last_event_id = visit.request.header("Last-Event-ID").value_or("");
  if (const auto job = visit.request.query("job")) {
    http::Parameters(visit.request, {"job"});
    const auto id = http::idFrom(*job, "job");
    services.jobs.get(id);
    followJob(services, id, stream);
  } else if (const auto of = visit.request.query("of")) {
    http::Parameters(visit.request, {"of"});
    if (*of != "environments") throw Invalid("`of` is \"environments\" or left out", "of");
    followEnvironments(services, stream);
  } else {
    followList(services, jobQueryOf(visit), stream);
  }
  if (visit.actor.proof == Proof::session) {
    stream.tag = visit.actor.session_id;
    stream.still_allowed = [&services, id = visit.actor.session_id] { return services.sessions.stands(id); };
  }
  http::Response response(200);
  response.setStream(std::move(stream));
  return response;
}

}  // namespace testarena::server
