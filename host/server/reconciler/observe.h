// SPDX-License-Identifier: Apache-2.0
// What a status told by an executor means for a job: pure functions, no clock, no input or output.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <testarena/executor.h>
#include <testarena/storage.h>

namespace testarena::server {

/// The change of a job that an observation makes.
struct Observation {
  JobUpdate update;                 ///< complete, with the job's phase as it was; valid even where nothing changed
  bool changed = false;             ///< a reader would see a difference: the update is to be stored
  bool ended = false;               ///< every run has ended, and so has the job
  std::vector<Expansion> expanded;  ///< lists of tests that were told for the first time
};

/// Takes over what `status` says of `job`. Ends are absorbing, a run never goes back to waiting, runs that nobody asked
/// for and no lister named are ignored: a remote that lies costs nothing but its own answer.
Observation observe(const Job& job, const JobStatus& status, Time now);

/// Ends every open run, and the job, in `state` for `reason`; for jobs that were refused, lost or never sent.
Observation endAll(const Job& job, State state, const std::string& reason, Time now);

/// A job is aborted if a run was aborted; else errored if a run errored; else failed if a run failed; else passed.
/// Unset while a run is open.
std::optional<State> verdict(const std::vector<Run>& runs);

RunCounts countRuns(const std::vector<Run>& runs);

}  // namespace testarena::server
