// SPDX-License-Identifier: Apache-2.0
// Who is told that a job, or what it waits for, has changed.
#pragma once

#include <cstdint>
#include <string>

#include <testarena/storage.h>

namespace testarena::server {

/// Told after what is told has been stored: persist first, publish second. Implementations return at once and do not
/// throw.
class JobEvents {
 public:
  virtual ~JobEvents() = default;

  virtual void jobChanged(const Job& job) = 0;
  virtual void jobDeleted(const Job& job) = 0;
  /// The environment, or what its jobs wait for. Nothing of it is stored: ask.
  virtual void environmentChanged(const std::string& environment) = 0;
  /// `scenario` is empty for the job's own log.
  virtual void logGrew(int64_t job, const std::string& scenario, int64_t attempt, int64_t bytes) = 0;
};

}  // namespace testarena::server
