// SPDX-License-Identifier: Apache-2.0
// Why a job that has not ended is where it is, in plain words: pure functions.
#pragma once

#include <optional>
#include <string>

#include <testarena/storage.h>

#include "remote_state.h"

namespace testarena::server {

/// How far the reconciler is with a job.
struct Standing {
  Phase phase = Phase::unsent;
  Intent intent = Intent::run;
  std::string trouble;           ///< why the last call for it failed; empty if it did not
  std::optional<Time> next_try;  ///< of that call
  bool operator==(const Standing&) const = default;
};

/// What is shown as the reason of a job: its own once it has ended, else what it waits for. Empty: it runs, and there
/// is nothing to say.
std::string reasonShown(const JobRow& row, const Standing& standing, const RemoteState& remote);

/// The same where the configuration no longer has the job's environment.
std::string reasonShownWithoutEnvironment(const JobRow& row);

}  // namespace testarena::server
