// SPDX-License-Identifier: Apache-2.0
// From a manifest and the files of a commit to scenarios, and from a run request back to a command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <testarena/types.h>

#include "manifest.h"

namespace testarena::manifest {

struct SourceFile {
  std::string path;    ///< any bytes
  std::string digest;  ///< of its content
  bool regular = true;
};

/// Lists the scenarios of a commit: in the order of the tables, those of a glob by path. A file belongs to the first
/// table that matches it. A scenario of a glob is named by its path without the ending. Names that come twice, files
/// that are no regular files and names that are no plain text are left out with a diagnostic.
Scan listScenarios(const Manifest& manifest, const std::vector<SourceFile>& files);

/// What {job} and {commit} stand for.
struct JobWords {
  std::string job;
  std::string commit;
};

/// How to run one scenario in the checkout.
struct RunPlan {
  std::vector<std::string> argv;  ///< empty if `lister` is set
  int64_t timeout_s = 0;          ///< 0: none of its own
  /// `ctest` if the request stands for all tests of a lister (`expands`): run its listing, then one run for each test.
  std::string lister;
  std::string build_dir;  ///< of the lister; also set for a single test of it
};

/// The plan for a run of a job. `NotFound`: the manifest has no such scenario. For a single test of a lister
/// (`expanded_from` is set) the argv is the lister's own for exactly this test, with `junit_file` as its report.
RunPlan planRun(const Manifest& manifest, const RunRequest& run, const JobWords& words, std::string_view junit_file);

}  // namespace testarena::manifest
