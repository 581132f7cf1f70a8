// SPDX-License-Identifier: Apache-2.0
// Values that several interfaces share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <testarena/record.h>

namespace testarena {
inline namespace v1 {

/// The state of a run, and of a job (a job is never `skipped`). The same words in SQL, in JSON and on the page.
///
/// `waiting` and `in_progress` are open; all others but `unknown` are ends: once told, an end never changes.
/// `failed` is the test's verdict, a time limit included; `errored` is the infrastructure's fault, always with a
/// reason. `unknown` is not a state: the one who answers does not know, and the asker keeps what it had.
TA_ENUM(State, unknown, waiting, in_progress, passed, failed, skipped, errored, aborted)

/// True for the states that never change again.
constexpr bool hasEnded(State state) {
  return state == State::passed || state == State::failed || state == State::skipped || state == State::errored ||
         state == State::aborted;
}

TA_ENUM(HealthState, unknown, ok, degraded, down)

/// What a plugin says about itself and about what stands behind it. Answer within 2 s, also while other calls fail.
struct Health {
  HealthState state = HealthState::unknown;
  std::string message;     ///< for a person: what is wrong and what to do; empty when all is well
  std::string version;     ///< of what stands behind the plugin; empty if not known
  int64_t slots = 0;       ///< executors: how many runs may run at once; 0 = not known
  int64_t slots_used = 0;  ///< executors
  int64_t queued = 0;      ///< executors: runs accepted that wait for a slot
  TA_FIELDS(state, message, version, slots, slots_used, queued)
};

struct HealthRequest {
  TA_NO_FIELDS
};

/// One scenario of a job, as it is handed to an executor and kept by the storage.
struct RunRequest {
  std::string scenario;       ///< unique name on its commit
  std::string path;           ///< file in the repository, relative, '/' between parts; empty if it has none
  int64_t attempt = 1;        ///< counts from 1 for each scenario of a job
  std::string expanded_from;  ///< the lister that named it (`ctest`); empty for a scenario of the manifest itself
  TA_FIELDS(scenario, path, attempt, expanded_from)
};

}  // namespace v1
}  // namespace testarena
