// SPDX-License-Identifier: Apache-2.0
#include "waiting.h"

#include <gtest/gtest.h>

namespace testarena::server {
namespace {

const Time kNextTry{std::chrono::seconds(1'700'000'000)};  // 22:13:20 UTC

JobRow row(State state, const std::string& reason = "") {
  JobRow row;
  row.environment = "lab";
  row.state = state;
  row.reason = reason;
  return row;
}

RemoteState unreachable() {
  RemoteState remote;
  remote.state = EnvironmentState::unreachable;
  remote.message = "connection refused";
  remote.next_try = kNextTry;
  return remote;
}

const std::string kOutage = "the environment is unreachable (connection refused); the next try is at 22:13:20 UTC";

TEST(Waiting, theReasonOfAnEndIsNeverTouched) {
  EXPECT_EQ(reasonShown(row(State::errored, "its disk was full"), {Phase::collecting, Intent::run, "x", kNextTry},
                        unreachable()),
            "its disk was full");
  EXPECT_EQ(reasonShown(row(State::passed), {Phase::cleaning, Intent::remove, "", {}}, unreachable()), "");
}

TEST(Waiting, aJobThatWasNotSentSaysSo) {
  EXPECT_EQ(reasonShown(row(State::waiting), {}, {}), "about to be sent");
  EXPECT_EQ(reasonShown(row(State::waiting), {}, unreachable()), "not sent yet: " + kOutage);
  EXPECT_EQ(reasonShown(row(State::waiting), {Phase::unsent, Intent::run, "the disk is full", kNextTry}, {}),
            "not sent yet: the disk is full; the next try is at 22:13:20 UTC");
}

TEST(Waiting, aJobThatMayHaveArrivedSaysSo) {
  EXPECT_EQ(reasonShown(row(State::waiting), {Phase::sending, Intent::run, "", {}}, {}), "being sent");
  EXPECT_EQ(reasonShown(row(State::waiting), {Phase::sending, Intent::run, "no answer", kNextTry}, {}),
            "not accepted yet: no answer; the next try is at 22:13:20 UTC");
  EXPECT_EQ(reasonShown(row(State::waiting), {Phase::sending, Intent::run, "no answer", kNextTry}, unreachable()),
            "not accepted yet, and whether it arrived is not known: " + kOutage);
}

TEST(Waiting, onTheRemoteItIsTheRemotesWordThatCounts) {
  const Standing accepted{Phase::accepted, Intent::run, "", {}};
  EXPECT_EQ(reasonShown(row(State::waiting, "its commit is being checked out"), accepted, {}),
            "its commit is being checked out");
  EXPECT_EQ(reasonShown(row(State::in_progress, "its setup runs"), accepted, {}), "its setup runs");
  EXPECT_EQ(reasonShown(row(State::in_progress), accepted, {}), "");
  EXPECT_EQ(reasonShown(row(State::in_progress), accepted, unreachable()), "this is what was last heard: " + kOutage);
}

TEST(Waiting, aRemoteThatGivesNoReasonIsQuotedByItsQueue) {
  const Standing accepted{Phase::accepted, Intent::run, "", {}};
  EXPECT_EQ(reasonShown(row(State::waiting), accepted, {}), "queued on the remote");
  RemoteState busy;
  busy.health.slots = 4;
  busy.health.slots_used = 4;
  busy.health.queued = 7;
  EXPECT_EQ(reasonShown(row(State::waiting), accepted, busy),
            "queued on the remote: 4 of 4 slots are in use, 7 runs wait");
}

TEST(Waiting, anAbortSaysWhoAskedAndWhatItWaitsFor) {
  const auto aborted = row(State::in_progress, "aborted by ada");
  EXPECT_EQ(reasonShown(aborted, {Phase::accepted, Intent::abort, "", {}}, {}),
            "aborted by ada; waits until the remote has ended it");
  EXPECT_EQ(reasonShown(aborted, {Phase::accepted, Intent::abort, "no answer", {}}, {}),
            "aborted by ada; waits until the remote has ended it: no answer");
  EXPECT_EQ(reasonShown(aborted, {Phase::accepted, Intent::abort, "", {}}, unreachable()),
            "aborted by ada; the remote may not know yet: " + kOutage);
}

TEST(Waiting, withoutItsEnvironmentNothingHappens) {
  EXPECT_EQ(reasonShownWithoutEnvironment(row(State::failed, "exit code 3")), "exit code 3");
  EXPECT_NE(reasonShownWithoutEnvironment(row(State::waiting)).find("no environment lab any more"), std::string::npos);
}

}  // namespace
}  // namespace testarena::server
