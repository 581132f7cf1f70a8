// SPDX-License-Identifier: Apache-2.0
// update_job: compare-and-set, ends that are ends, runs and their counts.
#include "storage_contract.h"

namespace testarena::contract {
namespace {

testarena::Run changed(testarena::Run run, State state) {
  run.state = state;
  return run;
}

}  // namespace

TEST_P(StorageContract, aChangeIsStoredWhole) {
  const Job was = submit(wish());
  JobUpdate update = changeOf(was);
  update.state = State::in_progress;
  update.reason = "waiting for a slot";
  update.started_at = at(50);
  update.progress.phase = Phase::accepted;
  update.progress.handle = "remote/17";
  update.progress.sent_at = at(40);
  update.progress.send_attempts = 3;
  update.progress.log_bytes = 4096;
  update.progress.log_complete = true;
  testarena::Run run = was.runs[0];
  run.state = State::failed;
  run.reason = "exit code 3";
  run.started_at = at(51);
  run.finished_at = at(52);
  run.exit_code = 3;
  run.log_bytes = std::int64_t{1} << 40;
  run.log_complete = true;
  run.report_url = "https://lab-1/report?x=1&y=2";
  update.runs = {run};
  const JobRevision answer = storage().update_job(update, call());

  Job expected = was;
  expected.row.state = State::in_progress;
  expected.row.reason = update.reason;
  expected.row.started_at = at(50);
  expected.row.revision = answer.revision;
  expected.row.counts.waiting = 1;
  expected.row.counts.failed = 1;
  expected.progress = update.progress;
  expected.runs[0] = run;
  EXPECT_EQ(shown(job(was.row.id)), shown(expected));
}

TEST_P(StorageContract, theRevisionGrowsWithEachChange) {
  const Job was = submit(wish());
  const JobRevision first = storage().update_job(changeOf(was), call());
  EXPECT_GT(first.revision, was.row.revision);
  EXPECT_EQ(job(was.row.id).row.revision, first.revision);
  EXPECT_GT(ask(was.row.id, Intent::abort).job.row.revision, first.revision);
}

TEST_P(StorageContract, aChangeFromAnOldRevisionIsAConflictAndChangesNothing) {
  const Job was = submit(wish());
  storage().update_job(changeOf(was), call());
  const Job is = job(was.row.id);
  JobUpdate late = changeOf(was);
  late.state = State::in_progress;
  late.runs = {changed(was.runs[0], State::in_progress)};
  late.obsolete = {{"sleep", "", 1, ""}};
  EXPECT_THROW(storage().update_job(late, call()), Conflict);
  EXPECT_EQ(shown(job(was.row.id)), shown(is));
}

TEST_P(StorageContract, anIntentMakesTheReconcilersChangeAConflict) {
  const Job was = submit(wish());
  ask(was.row.id, Intent::abort);
  EXPECT_THROW(storage().update_job(changeOf(was), call()), Conflict);
}

TEST_P(StorageContract, aChangeLeavesIntentAndDeletionAlone) {
  const std::int64_t id = submitFor("anna");
  JobUpdate update = changeOf(remove(id));
  update.progress.intent = Intent::run;
  update.progress.deleted = false;
  storage().update_job(update, call());
  EXPECT_EQ(anyJob(id).progress.intent, Intent::remove);
  EXPECT_TRUE(anyJob(id).progress.deleted);
  EXPECT_FALSE(isThere(id));
}

TEST_P(StorageContract, anEndIsNeverChanged) {
  for (const State end : {State::passed, State::failed, State::errored, State::aborted}) {
    const std::int64_t id = submitFor("anna");
    const Job ended = finish(id, end, Phase::collecting);
    for (const State other :
         {State::waiting, State::in_progress, State::passed, State::failed, State::errored, State::aborted}) {
      if (other == end) continue;
      JobUpdate update = changeOf(ended);
      update.state = other;
      EXPECT_THROW(storage().update_job(update, call()), WrongState) << enumName(end) << " -> " << enumName(other);
    }
    EXPECT_EQ(shown(job(id)), shown(ended));
  }
}

TEST_P(StorageContract, anEndedJobCanStillBeCollectedAndClosed) {
  const Job ended = finish(submitFor("anna"), State::passed, Phase::collecting);
  JobUpdate update = changeOf(ended);
  update.progress.phase = Phase::closed;
  update.progress.log_bytes = 99;
  testarena::Run run = ended.runs[0];
  run.log_bytes = 1234;
  run.log_complete = true;
  update.runs = {run};
  storage().update_job(update, call());
  const Job closed = job(ended.row.id);
  EXPECT_EQ(closed.progress.phase, Phase::closed);
  EXPECT_EQ(closed.progress.log_bytes, 99);
  EXPECT_EQ(closed.runs[0].log_bytes, 1234);
  EXPECT_EQ(closed.row.state, State::passed);
}

TEST_P(StorageContract, theEndOfARunIsNeverChanged) {
  const Job was = submit(wish());
  JobUpdate update = changeOf(was);
  update.state = State::in_progress;
  update.runs = {changed(was.runs[0], State::passed)};
  storage().update_job(update, call());
  const Job is = job(was.row.id);

  JobUpdate wrong = changeOf(is);
  wrong.reason = "must not be stored";
  wrong.runs = {changed(is.runs[1], State::in_progress), changed(is.runs[0], State::failed)};
  EXPECT_THROW(storage().update_job(wrong, call()), WrongState);
  EXPECT_EQ(shown(job(was.row.id)), shown(is)) << "all or nothing";
}

TEST_P(StorageContract, unknownIsNoNews) {
  const Job was = submit(wish());
  JobUpdate update = changeOf(was);
  update.state = State::unknown;
  update.runs = {changed(was.runs[0], State::unknown)};
  storage().update_job(update, call());
  EXPECT_EQ(job(was.row.id).row.state, State::waiting);
  EXPECT_EQ(job(was.row.id).runs[0].state, State::waiting);
  EXPECT_EQ(shown(job(was.row.id).row.counts), shown(was.row.counts));
}

TEST_P(StorageContract, aJobIsNeverSkippedAndNeverWithoutAPhase) {
  const Job was = submit(wish());
  JobUpdate skipped = changeOf(was);
  skipped.state = State::skipped;
  EXPECT_THROW(storage().update_job(skipped, call()), Invalid);
  JobUpdate nowhere = changeOf(was);
  nowhere.progress.phase = Phase::unknown;
  EXPECT_THROW(storage().update_job(nowhere, call()), Invalid);
}

TEST_P(StorageContract, runsThatAreNewFollowInTheOrderTheyAreTold) {
  const Job was = submit(wish("anna", {"ctest", "boot"}));
  JobUpdate update = changeOf(was);
  update.obsolete = {{"ctest", "", 1, ""}};
  for (const char* name : {"zebra", "ant"}) {
    testarena::Run run;
    run.scenario = name;
    run.expanded_from = "ctest";
    run.state = State::in_progress;
    update.runs.push_back(run);
  }
  testarena::Run again = was.runs[1];
  again.attempt = 2;
  update.runs.push_back(again);
  storage().update_job(update, call());

  const Job is = job(was.row.id);
  std::vector<std::string> names;
  for (const testarena::Run& run : is.runs) names.push_back(run.scenario + "/" + std::to_string(run.attempt));
  EXPECT_EQ(names, (std::vector<std::string>{"boot/1", "zebra/1", "ant/1", "boot/2"}));
  EXPECT_EQ(is.row.counts.waiting, 2);
  EXPECT_EQ(is.row.counts.in_progress, 2);
}

TEST_P(StorageContract, whatIsObsoleteAndNotThereIsNoError) {
  const Job was = submit(wish());
  JobUpdate update = changeOf(was);
  update.obsolete = {{"never", "", 1, ""}, {"boot", "", 7, ""}};
  storage().update_job(update, call());
  EXPECT_EQ(job(was.row.id).runs, was.runs);
}

TEST_P(StorageContract, countsAreThoseOfTheRuns) {
  std::vector<std::string> scenarios;
  for (int i = 0; i < 7; ++i) scenarios.push_back("s" + std::to_string(i));
  const Job was = submit(wish("anna", scenarios));
  JobUpdate update = changeOf(was);
  const State states[] = {State::waiting, State::in_progress, State::passed, State::failed,
                          State::skipped, State::errored,     State::aborted};
  for (std::size_t i = 0; i < 7; ++i) update.runs.push_back(changed(was.runs[i], states[i]));
  storage().update_job(update, call());
  const RunCounts each{1, 1, 1, 1, 1, 1, 1};
  EXPECT_EQ(shown(job(was.row.id).row.counts), shown(each));
  EXPECT_EQ(shown(storage().list_jobs({}, call()).jobs.at(0).counts), shown(each));
}

TEST_P(StorageContract, ofTwoChangesFromOneRevisionOneIsAConflict) {
  const Job was = submit(wish());
  storage().update_job(changeOf(was), call());
  EXPECT_THROW(storage().update_job(changeOf(was), call()), Conflict);
}

TEST_P(StorageContract, whatAListCanShowMovesTheDataRevision) {
  const std::int64_t empty = dataRevision();
  EXPECT_EQ(dataRevision(), empty);
  const Job was = submit(wish());
  const std::int64_t submitted = dataRevision();
  EXPECT_GT(submitted, empty);
  storage().update_job(changeOf(was), call());
  const std::int64_t changedRevision = dataRevision();
  EXPECT_GT(changedRevision, submitted);
  remove(was.row.id);
  EXPECT_GT(dataRevision(), changedRevision);
}

}  // namespace testarena::contract
