// SPDX-License-Identifier: Apache-2.0
// From the bare facts of a run's end to what is told about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "job_folder.h"
#include "job_order.h"
#include "run_result.h"
#include "verdict.h"

namespace testarena::local_executor {

struct Conclusion {
  Verdict verdict;
  bool isExpanded = false;  ///< a lister that has named tests: they stand for it from now on
  std::vector<PlannedRun> tests;
};

/// True for runs whose result alone does not say all: listers and the tests of ctest, and where files are to be kept.
bool needsConclusion(const JobOrder& job, const PlannedRun& plan);

/// Decides, collects what is to be kept, and writes down what cannot be decided again: what the verdict was read from
/// may change later. `run` is the folder's name below JobFolder::runs(). Throws std::system_error if something cannot
/// be written; it may then be tried again.
Conclusion concludeRun(const JobOrder& job, const JobFolder& folder, const std::string& run, const PlannedRun& plan,
                       const RunResult& result);

/// What concludeRun has kept.
std::optional<Verdict> readVerdict(const RunFolder& folder);

}  // namespace testarena::local_executor
