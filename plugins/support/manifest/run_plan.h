// SPDX-License-Identifier: Apache-2.0
// From a run request to the command that runs it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/types.h>

#include "manifest.h"

namespace testarena::manifest {

/// What {job} and {commit} stand for.
struct JobWords {
  std::string job;
  std::string commit;
};

/// How to run one scenario in the checkout.
struct RunPlan {
  std::vector<std::string> argv;  ///< empty if `expands`
  int64_t timeout_s = 0;          ///< 0: none of its own
  bool expands = false;   ///< stands for all tests of `lister`: ask ctestListCommand, then plan one run for each
  std::string lister;     ///< `ctest` if it is, or is a test of, a lister; else empty
  std::string build_dir;  ///< of the lister
};

/// The argv of [setup]; empty if there is none.
std::vector<std::string> planSetup(const Manifest& manifest, const JobWords& words);

/// The plan for a run of a job. `NotFound`: the manifest has no such scenario. For a single test of a lister
/// (`run.expanded_from` is set) the argv is the lister's own for exactly this test, with `junit_file` (an absolute
/// path) as its report.
RunPlan planRun(const Manifest& manifest, const RunRequest& run, const JobWords& words, std::string_view junit_file);

}  // namespace testarena::manifest
