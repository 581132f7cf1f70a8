// SPDX-License-Identifier: Apache-2.0
// A job as it was accepted: the submission, and what it comes to on its commit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <testarena/executor.h>

#include "notes.h"

namespace testarena::local_executor {

/// How one run is done. Decided when the job is accepted, so that neither a later configuration nor a repository that
/// is gone changes a job that was promised.
struct PlannedRun {
  RunRequest request;
  std::vector<std::string> command;  ///< empty for a lister
  int64_t timeout_s = 0;             ///< 0: none of its own
  std::string lister;                ///< `ctest`: stands for the tests that its listing names
  std::string build_dir;             ///< set for a lister and for its tests

  // What a lister says of its tests: with which others of the build folder they must not run at once.
  bool serial = false;
  std::vector<std::string> locks;
  std::vector<std::string> after;  ///< names of tests that must have ended before

  /// A lister that nobody asked for: what it says is needed for tests that were chosen by name. Never told.
  bool internal = false;
};

struct JobOrder {
  int64_t sequence = 0;  ///< of acceptance: who comes first is served first
  Submission submission;
  std::vector<std::string> setup;  ///< a command; empty: none
  int64_t setup_timeout_s = 0;
  std::vector<std::string> kept;  ///< globs of files that are kept with a run
  std::vector<PlannedRun> runs;   ///< in the order of the submission
};

Notes toNotes(const JobOrder& order);
JobOrder readJobOrder(const Notes& notes);

/// The same for the runs that a listing has named.
Notes toNotes(const std::vector<PlannedRun>& runs);
std::vector<PlannedRun> readRunPlans(const Notes& notes);

}  // namespace testarena::local_executor
