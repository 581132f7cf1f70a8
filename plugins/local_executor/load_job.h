// SPDX-License-Identifier: Apache-2.0
// Reads back what an earlier life of the server knew of a job.
#pragma once

#include <memory>
#include <string>

#include "job.h"

namespace testarena::local_executor {

/// The job as far as its files say. What was begun and has no result is `active`: whether somebody still watches it is
/// for the scheduler to find out. Throws std::exception if the order or another file cannot be read.
std::shared_ptr<Job> loadJob(const JobFolder& folder);

/// Identifies this start of the machine.
std::string bootId();

/// The limits that a run was started with; none if its order is gone or cannot be read.
VerdictLimits limitsOf(const RunFolder& folder);

/// The result of a run with what was decided about it beyond the bare facts, if it has ended.
struct Ended {
  RunResult result;
  Verdict verdict;
};

/// Unset if there is no result. With `needsConclusion` also if it was not concluded (conclusion.h).
std::optional<Ended> readEnded(const RunFolder& folder, bool needsConclusion);

}  // namespace testarena::local_executor
