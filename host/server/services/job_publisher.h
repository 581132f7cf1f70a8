// SPDX-License-Identifier: Apache-2.0
// Tells the viewers of the dashboard what has changed.
#pragma once

#include <string>

#include "event_hub.h"
#include "job_events.h"
#include "log_store.h"

namespace testarena::server {

/// Topics: one for each job, and one for what the job list shows.
std::string topicOf(int64_t job);
inline constexpr const char* kJobListTopic = "jobs";
/// What jobs wait for and how environments are: for whoever shows either.
inline constexpr const char* kEnvironmentsTopic = "environments";

/// Threads: any.
class JobPublisher final : public JobEvents {
 public:
  JobPublisher(http::EventHub& hub, const LogStore& logs) : hub_(hub), logs_(logs) {}

  void jobChanged(const Job& job) override;
  void jobDeleted(const Job& job) override;
  void environmentChanged(const std::string& environment) override;
  void logGrew(int64_t job, const std::string& scenario, int64_t attempt, int64_t bytes) override;

 private:
  http::EventHub& hub_;
  const LogStore& logs_;
};

}  // namespace testarena::server
