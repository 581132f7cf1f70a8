// SPDX-License-Identifier: Apache-2.0
// Tests that ctest lists and runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "job_folder.h"
#include "job_order.h"
#include "run_result.h"
#include "verdict.h"

namespace testarena::local_executor {

/// Where the report of a ctest run goes.
std::filesystem::path ctestReport(const RunFolder& folder);

/// What a listing that has ended named, or why it named nothing.
struct Expansion {
  std::vector<PlannedRun> tests;  ///< empty if `verdict` is not `passed`
  Verdict verdict;
};

/// Reads the listing in the run folder of `lister`, whose name below JobFolder::runs() is `run`.
Expansion readListing(const JobFolder& folder, const std::string& run, const PlannedRun& lister,
                      const RunResult& result, const Verdict& judged);

/// The verdict over one test: ctest's exit code does not tell a skipped test from one that passed.
Verdict judgeCtestRun(const RunFolder& folder, const PlannedRun& test, const RunResult& result, const Verdict& judged);

}  // namespace testarena::local_executor
