// SPDX-License-Identifier: Apache-2.0
// Queues as tests need them.
#pragma once

#include <string>
#include <vector>

#include "queue.h"

namespace testarena::runner::test {

/// A queue as it is accepted, with the tasks `<id>-1`, `<id>-2`, ... that run these scenarios.
inline Accepted accepted(const std::string& id, const std::vector<std::string>& scenarios) {
  Accepted made;
  made.submission.job = id;
  made.submission.environment = "lab";
  made.submission.branch = "main";
  made.submission.commit = std::string(40, 'a');
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    made.tasks.push_back(id + "-" + std::to_string(i + 1));
    made.submission.runs.push_back({scenarios[i], scenarios[i] + ".sh", 1, ""});
    made.content += scenarios[i] + ";";
  }
  return made;
}

/// With something in every field, so that a cut would show.
inline Queue storedQueue() {
  Queue queue{accepted("7", {"checks/boot", "checks/halt"}), {}};
  queue.accepted.sequence = 3;
  queue.accepted.priority = -2;
  queue.accepted.labels = {"can"};
  queue.accepted.created_at = Time(std::chrono::microseconds(1'700'000'000'000'001));
  return queue;
}

inline RunStatus run(const std::string& scenario, State state, const std::string& reason = "") {
  RunStatus status;
  status.scenario = scenario;
  status.state = state;
  status.reason = reason;
  return status;
}

}  // namespace testarena::runner::test
