// SPDX-License-Identifier: Apache-2.0
#include "transitions.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace testarena::server {
namespace {

constexpr Phase kPhases[] = {Phase::unsent,     Phase::sending,  Phase::accepted,
                             Phase::collecting, Phase::cleaning, Phase::closed};
constexpr Intent kIntents[] = {Intent::run, Intent::abort, Intent::remove};

TEST(Transitions, thereIsExactlyOneRowForEachPair) {
  std::map<std::pair<Phase, Intent>, int> rows;
  for (const auto& row : transitions()) ++rows[{row.phase, row.intent}];
  for (const auto phase : kPhases) {
    for (const auto intent : kIntents)
      EXPECT_EQ((rows[{phase, intent}]), 1) << enumName(phase) << " " << enumName(intent);
  }
  EXPECT_EQ(transitions().size(), rows.size());
}

TEST(Transitions, anUnknownOutcomeNeverMovesAJob) {
  for (const auto& row : transitions()) {
    const Phase stays = row.action == Action::submit ? Phase::sending : row.phase;
    EXPECT_EQ(nextPhase(row, Result::unknown), stays) << enumName(row.phase) << " " << enumName(row.intent);
  }
}

TEST(Transitions, onlyAWantedJobIsSent) {
  for (const auto& row : transitions()) {
    if (row.action == Action::submit || row.action == Action::settle) {
      EXPECT_EQ(row.intent, Intent::run);
    }
  }
}

TEST(Transitions, nothingIsRemovedFromTheRemoteBeforeTheEvidenceIsKept) {
  for (const auto& row : transitions()) {
    if (row.intent == Intent::remove) continue;
    if (row.action == Action::clean) {
      EXPECT_EQ(row.phase, Phase::cleaning);
    }
    if (row.phase == Phase::accepted) {
      EXPECT_EQ(row.done, Phase::collecting);
    }
  }
}

TEST(Transitions, fromEveryPhaseAJobCanClose) {
  for (const auto intent : kIntents) {
    for (const auto start : kPhases) {
      std::set<Phase> seen{start};
      std::vector<Phase> open{start};
      while (!open.empty()) {
        const auto& row = transitionFor(open.back(), intent);
        open.pop_back();
        for (const auto next : {row.done, row.refused}) {
          if (seen.insert(next).second) open.push_back(next);
        }
      }
      EXPECT_TRUE(seen.count(Phase::closed)) << enumName(start) << " " << enumName(intent);
    }
  }
}

TEST(Transitions, aRowThatIsNotKnownIsAnError) {
  EXPECT_THROW(transitionFor(Phase::unknown, Intent::run), Internal);
}

}  // namespace
}  // namespace testarena::server
