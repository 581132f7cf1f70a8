// SPDX-License-Identifier: Apache-2.0
#include "job_publisher.h"

#include <testarena/json.h>

#include "views.h"

namespace testarena::server {

std::string topicOf(int64_t job) {
  return "job/" + std::to_string(job);
}

void JobPublisher::jobChanged(const Job& job) {
  const auto topic = topicOf(job.row.id);
  hub_.publish({topic, "job", toJson(viewOf(job, logs_)), "job", static_cast<std::uint64_t>(job.row.revision)});
  hub_.publish(kJobListTopic, "job", toJson(job.row), topic);
}

void JobPublisher::jobDeleted(const Job& job) {
  const auto topic = topicOf(job.row.id);
  const auto data = toJson(DeletedView{job.row.id});
  hub_.publish(topic, "deleted", data);
  hub_.publish(kJobListTopic, "deleted", data, topic);
}

void JobPublisher::environmentChanged(const std::string& environment) {
  hub_.publish(kEnvironmentsTopic, "environment", toJson(EnvironmentChange{environment}), environment);
}

void JobPublisher::logGrew(int64_t job, const std::string& scenario, int64_t attempt, int64_t bytes) {
  hub_.publish(topicOf(job), "log", toJson(LogView{job, scenario, attempt, bytes}),
               "log/" + scenario + "/" + std::to_string(attempt));
}

}  // namespace testarena::server
