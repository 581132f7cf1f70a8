// SPDX-License-Identifier: Apache-2.0
#include "transitions.h"

#include <algorithm>

namespace testarena::server {

// Durable intent before the first byte leaves: `submit` is the only action that may send a job, and the row says
// `sending` before it does. `refused` of `withdraw` means that the job had arrived after all.
const std::vector<Transition>& transitions() {
  static const std::vector<Transition> kTransitions = {
      // phase           intent          action            done               refused            unknown
      {Phase::unsent, Intent::run, Action::submit, Phase::accepted, Phase::closed, Phase::sending},
      {Phase::unsent, Intent::abort, Action::close, Phase::closed, Phase::closed, Phase::unsent},
      {Phase::unsent, Intent::remove, Action::purge, Phase::closed, Phase::closed, Phase::unsent},

      {Phase::sending, Intent::run, Action::settle, Phase::accepted, Phase::closed, Phase::sending},
      {Phase::sending, Intent::abort, Action::withdraw, Phase::closed, Phase::accepted, Phase::sending},
      {Phase::sending, Intent::remove, Action::withdraw, Phase::cleaning, Phase::accepted, Phase::sending},

      {Phase::accepted, Intent::run, Action::follow, Phase::collecting, Phase::accepted, Phase::accepted},
      {Phase::accepted, Intent::abort, Action::stop, Phase::collecting, Phase::accepted, Phase::accepted},
      {Phase::accepted, Intent::remove, Action::stop, Phase::cleaning, Phase::accepted, Phase::accepted},

      {Phase::collecting, Intent::run, Action::collect, Phase::cleaning, Phase::cleaning, Phase::collecting},
      {Phase::collecting, Intent::abort, Action::collect, Phase::cleaning, Phase::cleaning, Phase::collecting},
      {Phase::collecting, Intent::remove, Action::clean, Phase::closed, Phase::closed, Phase::collecting},

      {Phase::cleaning, Intent::run, Action::clean, Phase::closed, Phase::closed, Phase::cleaning},
      {Phase::cleaning, Intent::abort, Action::clean, Phase::closed, Phase::closed, Phase::cleaning},
      {Phase::cleaning, Intent::remove, Action::clean, Phase::closed, Phase::closed, Phase::cleaning},

      {Phase::closed, Intent::run, Action::none, Phase::closed, Phase::closed, Phase::closed},
      {Phase::closed, Intent::abort, Action::none, Phase::closed, Phase::closed, Phase::closed},
      {Phase::closed, Intent::remove, Action::purge, Phase::closed, Phase::closed, Phase::closed},
  };
  return kTransitions;
}

const Transition& transitionFor(Phase phase, Intent intent) {
  const auto& rows = transitions();
  auto row = std::find_if(rows.begin(), rows.end(),
                          [&](const Transition& t) { return t.phase == phase && t.intent == intent; });
  if (row == rows.end()) throw Internal("a job row has no known phase or intent; was it written by a newer version?");
  return *row;
}

Phase nextPhase(const Transition& transition, Result result) {
  switch (result) {
    case Result::done:
      return transition.done;
    case Result::refused:
      return transition.refused;
    case Result::unknown:
      break;
  }
  return transition.unknown;
}

}  // namespace testarena::server
