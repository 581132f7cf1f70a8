// SPDX-License-Identifier: Apache-2.0
// What is known of an environment's remote: only what was told or measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <testarena/enum.h>
#include <testarena/time.h>
#include <testarena/types.h>

namespace testarena::server {

/// ok: it answers and says that all is well. degraded: it answers, but something is wrong, or it has just missed an
/// answer. unreachable: it has missed several in a row; jobs wait, and it is asked again at `next_try`. unknown:
/// nothing has been heard yet.
TA_ENUM(EnvironmentState, unknown, ok, degraded, unreachable)

struct RemoteState {
  EnvironmentState state = EnvironmentState::unknown;
  std::optional<Time> since;     ///< how long the state has been so
  std::string message;           ///< what is wrong; empty when all is well
  std::optional<Time> next_try;  ///< while it does not answer
  std::optional<Time> answered_at;
  std::string last_error;  ///< stays when it answers again
  std::optional<Time> last_error_at;
  std::optional<int64_t> latency_us;         ///< of the last answer to a question about the remote or a batch of jobs
  std::optional<int64_t> latency_median_us;  ///< of the last few
  Health health;                             ///< its own words, the last it said
};

/// How many jobs of an environment stand where.
struct JobTally {
  int64_t open = 0;        ///< something is still to be done for, the two below included
  int64_t unsent = 0;      ///< the remote has not taken them yet
  int64_t tombstones = 0;  ///< deleted here, not yet on the remote
};

}  // namespace testarena::server
