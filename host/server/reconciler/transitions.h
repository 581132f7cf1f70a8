// SPDX-License-Identifier: Apache-2.0
// The life of a job between host and remote, as data.
#pragma once

#include <testarena/storage.h>

namespace testarena::server {

/// What the reconciler does next for a job. Each action talks to the remote at most once and ends in one Result.
enum class Action {
  none,      ///< nothing to do: forget about the job
  submit,    ///< write `sending`, then submit
  settle,    ///< a submission may have arrived: find out, or send again where the executor refuses known ids
  withdraw,  ///< the same, but the job is no longer wanted: make sure that it never starts, or find that it did
  close,     ///< nothing ever left: end the job here, without a word to the remote
  follow,    ///< ask for the state and copy logs
  stop,      ///< ask for the end, then follow
  collect,   ///< copy what is missing of logs and artifacts
  clean,     ///< remove the remote's copy
  purge,     ///< forget the job here
};

/// done: it happened. refused: proof that it did not and will not. unknown: anything else; the action is repeated
/// later.
enum class Result { done, refused, unknown };

struct Transition {
  Phase phase;
  Intent intent;
  Action action;
  Phase done;
  Phase refused;
  Phase unknown;
};

/// The row for a phase and an intent. There is one for each pair but those with `unknown` in it.
const Transition& transitionFor(Phase phase, Intent intent);

/// The phase that follows.
Phase nextPhase(const Transition& transition, Result result);

/// Every row, in the order of the life of a job.
const std::vector<Transition>& transitions();

}  // namespace testarena::server
