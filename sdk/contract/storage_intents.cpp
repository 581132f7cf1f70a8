// SPDX-License-Identifier: Apache-2.0
// request_intent: people abort and delete; both are written in one transaction with their audit line.
#include "storage_contract.h"

namespace testarena::contract {

TEST_P(StorageContract, abortIsAWishThatTheStateFollowsLater) {
  const Job was = submit(wish());
  const IntentAnswer answer = ask(was.row.id, Intent::abort);
  EXPECT_TRUE(answer.changed);
  EXPECT_EQ(answer.job.progress.intent, Intent::abort);
  EXPECT_EQ(answer.job.row.state, State::waiting);
  EXPECT_EQ(shown(answer.job), shown(job(was.row.id)));
  EXPECT_EQ(audits().back().action, "job.abort");
}

TEST_P(StorageContract, aReasonIsTakenWhereSomethingChanges) {
  const std::int64_t id = submitFor("anna");
  EXPECT_EQ(ask(id, Intent::abort, "aborted by anna").job.row.reason, "aborted by anna");
  EXPECT_EQ(ask(id, Intent::abort, "again").job.row.reason, "aborted by anna");
  EXPECT_EQ(ask(id, Intent::remove).job.row.reason, "aborted by anna") << "an empty reason replaces none";
  EXPECT_EQ(anyJob(id).row.reason, "aborted by anna");
}

TEST_P(StorageContract, abortOfAnEndedJobChangesNothing) {
  for (const State end : {State::passed, State::failed, State::errored, State::aborted}) {
    const Job ended = finish(submitFor("anna"), end);
    const std::size_t lines = auditCount();
    const IntentAnswer answer = ask(ended.row.id, Intent::abort, "too late");
    EXPECT_FALSE(answer.changed);
    EXPECT_EQ(shown(answer.job), shown(ended));
    EXPECT_EQ(shown(job(ended.row.id)), shown(ended));
    EXPECT_EQ(auditCount(), lines);
  }
}

TEST_P(StorageContract, theSameIntentAgainChangesNothing) {
  const std::int64_t id = submitFor("anna");
  for (const Intent intent : {Intent::abort, Intent::remove}) {
    const IntentAnswer first = ask(id, intent);
    EXPECT_TRUE(first.changed);
    const std::size_t lines = auditCount();
    const std::int64_t revision = anyJob(id).row.revision;
    const IntentAnswer again = ask(id, intent);
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(shown(again.job), shown(first.job));
    EXPECT_EQ(anyJob(id).row.revision, revision);
    EXPECT_EQ(auditCount(), lines);
  }
}

TEST_P(StorageContract, intentsNeverGoBack) {
  const std::int64_t id = submitFor("anna");
  remove(id);
  const IntentAnswer answer = ask(id, Intent::abort);
  EXPECT_FALSE(answer.changed);
  EXPECT_EQ(anyJob(id).progress.intent, Intent::remove);
}

TEST_P(StorageContract, onlyAbortAndRemoveCanBeWished) {
  const Job was = submit(wish());
  EXPECT_THROW(ask(was.row.id, Intent::run), Invalid);
  EXPECT_THROW(ask(was.row.id, Intent::unknown), Invalid);
  EXPECT_EQ(shown(job(was.row.id)), shown(was));
}

TEST_P(StorageContract, aRemovedJobLeavesListsAtOnce) {
  const std::int64_t stays = submitFor("anna");
  const std::int64_t goes = submitFor("anna");
  const IntentAnswer answer = ask(goes, Intent::remove);
  EXPECT_TRUE(answer.changed);
  EXPECT_TRUE(answer.job.progress.deleted);
  EXPECT_EQ(listed({}), (std::vector<std::int64_t>{stays}));
  for (const char* q : {"anna", "2"}) {
    JobQuery query;
    query.q = q;
    EXPECT_EQ(listed(query), *q == 'a' ? (std::vector<std::int64_t>{stays}) : (std::vector<std::int64_t>{})) << q;
  }
  EXPECT_EQ(audits().back().action, "job.delete");
}

TEST_P(StorageContract, aJobThatHasNotEndedIsRemovedToo) {
  const std::int64_t id = submitFor("anna");
  const Job removed = remove(id);
  EXPECT_EQ(removed.row.state, State::waiting);
  EXPECT_EQ(removed.progress.phase, Phase::unsent);
}

TEST_P(StorageContract, aClosedJobThatIsRemovedIsOpenAgain) {
  const Job was = submit(wish());
  JobUpdate update = changeOf(was);
  update.progress.sent_at = at(40);
  update.progress.send_attempts = 1;
  update.progress.handle = "remote/1";
  storage().update_job(update, call());
  finish(was.row.id, State::passed, Phase::closed);
  EXPECT_TRUE(storage().open_jobs({"lab-1", 0, 10}, call()).jobs.empty());

  const Job removed = remove(was.row.id);
  EXPECT_EQ(removed.progress.phase, Phase::cleaning);
  EXPECT_EQ(removed.row.state, State::passed);
  const Jobs open = storage().open_jobs({"lab-1", 0, 10}, call());
  ASSERT_EQ(open.jobs.size(), 1U);
  EXPECT_EQ(shown(open.jobs[0]), shown(removed));
}

TEST_P(StorageContract, aClosedJobThatWasNeverSentHasNothingToClean) {
  const std::int64_t id = submitFor("anna");
  finish(id, State::aborted, Phase::closed);
  EXPECT_EQ(remove(id).progress.phase, Phase::unsent);
  EXPECT_EQ(storage().open_jobs({"lab-1", 0, 10}, call()).jobs.size(), 1U);
}

TEST_P(StorageContract, removingLeavesAnOpenPhaseAlone) {
  const Job was = submit(wish());
  JobUpdate update = changeOf(was);
  update.progress.phase = Phase::accepted;
  update.progress.sent_at = at(40);
  storage().update_job(update, call());
  EXPECT_EQ(remove(was.row.id).progress.phase, Phase::accepted);
}

}  // namespace testarena::contract
