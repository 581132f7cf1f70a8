// SPDX-License-Identifier: Apache-2.0
// What the routes answer with, where it is not a record of the services. doc/openapi.yaml names these records, and
// their schemas there are made from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <testarena/storage.h>
#include <testarena/types.h>

#include "remote_state.h"

namespace testarena::server {

struct PersonView {
  std::string username;
  std::string display_name;
  Role role = Role::unknown;
  TA_FIELDS(username, display_name, role)
};

struct SessionView {
  PersonView user;
  std::optional<std::string> csrf_token;  ///< unset without a session: tokens and passwords need none
  TA_FIELDS(user, csrf_token)
};

struct PluginStateView {
  std::string plugin;
  HealthState state = HealthState::unknown;
  std::string message;
  std::string version;
  int64_t slots = 0;
  int64_t slots_used = 0;
  int64_t queued = 0;
  TA_FIELDS(plugin, state, message, version, slots, slots_used, queued)
};

struct EnvironmentView {
  std::string name;
  EnvironmentState state = EnvironmentState::unknown;
  std::optional<Time> since;
  std::string message;
  std::optional<Time> next_try;
  std::optional<Time> answered_at;
  std::string last_error;
  std::optional<Time> last_error_at;
  std::optional<int64_t> latency_us;
  std::optional<int64_t> latency_median_us;
  PluginStateView executor;
  PluginStateView discoverer;
  int64_t open_jobs = 0;    ///< jobs that the server still has to do something for, deleted ones included
  int64_t unsent_jobs = 0;  ///< of these, not accepted by the executor yet
  int64_t tombstones = 0;   ///< of these, deleted here, not yet on the remote
  TA_FIELDS(name, state, since, message, next_try, answered_at, last_error, last_error_at, latency_us,
            latency_median_us, executor, discoverer, open_jobs, unsent_jobs, tombstones)
};

struct EnvironmentsView {
  std::vector<EnvironmentView> environments;
  TA_FIELDS(environments)
};

struct BranchesView {
  std::vector<std::string> branches;
  bool truncated = false;
  TA_FIELDS(branches, truncated)
};

struct BranchView {
  std::string name;
  std::string commit;
  std::string author;
  Time committed_at{};
  std::string subject;
  TA_FIELDS(name, commit, author, committed_at, subject)
};

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

}  // namespace testarena::server
