// SPDX-License-Identifier: Apache-2.0
// Jobs as the API shows them; doc/openapi.yaml describes the same records.
#pragma once

#include <string>
#include <vector>

#include <testarena/storage.h>

#include "log_store.h"

namespace testarena::server {

struct JobView {
  int64_t id = 0;
  std::string user;
  std::string environment;
  std::string branch;
  std::string commit;
  State state = State::waiting;
  std::string reason;
  bool aborting = false;  ///< the end was asked for and has not come yet
  Time created_at{};
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  int64_t revision = 0;
  RunCounts counts;
  int64_t log_bytes = 0;  ///< of the job's own log, as kept here
  bool log_complete = false;
  std::vector<Run> runs;
  TA_FIELDS(id, user, environment, branch, commit, state, reason, aborting, created_at, started_at, finished_at,
            revision, counts, log_bytes, log_complete, runs)
};

/// Sizes of logs that still grow come from the log store.
JobView viewOf(const Job& job, const LogStore& logs);

struct LogView {
  int64_t id = 0;
  std::string scenario;
  int64_t attempt = 1;
  int64_t log_bytes = 0;
  TA_FIELDS(id, scenario, attempt, log_bytes)
};

/// Look again at this environment, and at what its jobs wait for.
struct EnvironmentChange {
  std::string name;
  TA_FIELDS(name)
};

struct DeletedView {
  int64_t id = 0;
  TA_FIELDS(id)
};

}  // namespace testarena::server
