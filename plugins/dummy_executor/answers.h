// SPDX-License-Identifier: Apache-2.0
// What the dummy says about its jobs, true or not.
#pragma once

#include <testarena/executor.h>

#include "farm.h"

namespace testarena::dummy_executor {

/// Wall-clock time of a point on the farm's clock.
struct Epoch {
  Farm::Clock::time_point steady;
  Time wall;

  Time operator()(Farm::Clock::time_point time) const {
    return wall + std::chrono::duration_cast<std::chrono::microseconds>(time - steady);
  }
};

JobStatus trueStatus(const Farm::Job& job, Farm::Clock::time_point now, const Epoch& epoch);

/// All passed, whatever is so.
JobStatus lyingStatus(const Farm::Job& job);

/// Well-formed and senseless; another one each time.
JobStatus garbageStatus(const Farm::Job& job);

}  // namespace testarena::dummy_executor
