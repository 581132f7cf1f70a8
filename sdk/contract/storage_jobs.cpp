// SPDX-License-Identifier: Apache-2.0
// Creating, reading and forgetting jobs.
#include "storage_contract.h"

namespace testarena::contract {

TEST_P(StorageContract, newJobWaitsWithAllItsRuns) {
  NewJob wished = wish("anna", {"boot", "sleep"});
  wished.runs[1].expanded_from = "ctest";
  const Job created = submit(wished);

  EXPECT_EQ(created.row.user, "anna");
  EXPECT_EQ(created.row.environment, "lab-1");
  EXPECT_EQ(created.row.branch, "main");
  EXPECT_EQ(created.row.commit, wished.commit);
  EXPECT_EQ(created.row.state, State::waiting);
  EXPECT_EQ(created.row.created_at, wished.created_at);
  EXPECT_FALSE(created.row.started_at);
  EXPECT_FALSE(created.row.finished_at);
  EXPECT_EQ(created.row.counts.waiting, 2);
  EXPECT_EQ(created.progress, JobProgress{});
  ASSERT_EQ(created.runs.size(), 2U);
  EXPECT_EQ(created.runs[0].scenario, "boot");
  EXPECT_EQ(created.runs[0].path, "tests/boot.sh");
  EXPECT_EQ(created.runs[0].attempt, 1);
  EXPECT_EQ(created.runs[0].state, State::waiting);
  EXPECT_EQ(created.runs[1].scenario, "sleep");
  EXPECT_EQ(created.runs[1].expanded_from, "ctest");
}

TEST_P(StorageContract, theAnswerToASubmissionIsWhatIsStored) {
  const Job created = submit(wish());
  EXPECT_EQ(shown(created), shown(job(created.row.id)));
}

TEST_P(StorageContract, runsKeepTheOrderOfSubmission) {
  std::vector<std::string> scenarios;
  for (int i = 0; i < 300; ++i) scenarios.push_back("scenario " + std::to_string((i * 7919) % 300));
  const Job created = submit(wish("anna", scenarios));
  std::vector<std::string> kept;
  for (const testarena::Run& run : job(created.row.id).runs) kept.push_back(run.scenario);
  EXPECT_EQ(kept, scenarios);
}

TEST_P(StorageContract, aJobMayHaveNoRuns) {
  const Job created = submit(wish("anna", {}));
  EXPECT_TRUE(job(created.row.id).runs.empty());
}

TEST_P(StorageContract, theSameScenarioTwiceIsInvalid) {
  EXPECT_THROW(submit(wish("anna", {"boot", "boot"})), Invalid);
  EXPECT_TRUE(listed({}).empty());
}

TEST_P(StorageContract, idsCountUpFromOne) {
  EXPECT_EQ(submitFor("anna"), 1);
  EXPECT_EQ(submitFor("bert"), 2);
  EXPECT_EQ(submitFor("anna"), 3);
}

TEST_P(StorageContract, aSubmissionThatFailedTakesNoIdAndLeavesNoTrace) {
  EXPECT_THROW(submit(wish("anna", {"boot", "boot"})), Invalid);
  EXPECT_EQ(auditCount(), 0U);
  EXPECT_EQ(submitFor("anna"), 1);
}

TEST_P(StorageContract, theSubmissionsAuditNamesTheNewJob) {
  const std::int64_t id = submitFor("anna");
  ASSERT_EQ(auditCount(), 1U);
  EXPECT_EQ(audits()[0].subject, "job " + std::to_string(id));
  EXPECT_EQ(audits()[0].action, "job.submit");
  EXPECT_EQ(audits()[0].actor, "anna");
  EXPECT_EQ(audits()[0].at, at(5));
}

TEST_P(StorageContract, aJobThatNeverWasIsNotFound) {
  submitFor("anna");
  for (const std::int64_t id :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{2}, std::int64_t{1} << 53, INT64_MAX, INT64_MIN}) {
    EXPECT_THROW(job(id), NotFound) << id;
    EXPECT_THROW(anyJob(id), NotFound) << id;
    EXPECT_THROW(ask(id, Intent::abort), NotFound) << id;
    EXPECT_NO_THROW(purge(id)) << id;
  }
}

TEST_P(StorageContract, aDeletedJobIsThereForTheReconcilerOnly) {
  const std::int64_t id = submitFor("anna");
  remove(id);
  EXPECT_FALSE(isThere(id));
  EXPECT_TRUE(anyJob(id).progress.deleted);
}

TEST_P(StorageContract, onlyDeletedJobsCanBePurged) {
  const std::int64_t id = submitFor("anna");
  EXPECT_THROW(purge(id), WrongState);
  EXPECT_TRUE(isThere(id));
  remove(id);
  purge(id);
  EXPECT_TRUE(isForgotten(id));
  EXPECT_NO_THROW(purge(id)) << "what is not there need not be purged";
}

TEST_P(StorageContract, aPurgedJobIsNotFoundByAnyOperation) {
  const std::int64_t id = submitFor("anna");
  const Job was = remove(id);
  purge(id);
  EXPECT_THROW(job(id), NotFound);
  EXPECT_THROW(storage().update_job(changeOf(was), call()), NotFound);
  EXPECT_THROW(ask(id, Intent::remove), NotFound);
  EXPECT_TRUE(storage().open_jobs({"lab-1", 0, 100}, call()).jobs.empty());
}

TEST_P(StorageContract, idsOfPurgedJobsNeverComeBack) {
  submitFor("anna");
  const std::int64_t newest = submitFor("anna");
  for (std::int64_t id = 1; id <= newest; ++id) {
    remove(id);
    purge(id);
  }
  EXPECT_EQ(submitFor("anna"), newest + 1);
  reopen();
  EXPECT_EQ(submitFor("anna"), newest + 2);
}

TEST_P(StorageContract, openJobsAreThoseThatAreNotClosedByAscendingId) {
  const std::int64_t waiting = submitFor("anna");
  const std::int64_t closed = submitFor("anna");
  const std::int64_t collecting = submitFor("bert");
  const std::int64_t deleted = submitFor("bert");
  NewJob elsewhere = wish();
  elsewhere.environment = "lab-2";
  submit(elsewhere);
  finish(closed, State::passed);
  finish(collecting, State::failed, Phase::collecting);
  remove(deleted);

  std::vector<std::int64_t> open;
  for (const Job& found : storage().open_jobs({"lab-1", 0, 100}, call()).jobs) {
    open.push_back(found.row.id);
    EXPECT_EQ(shown(found), shown(anyJob(found.row.id)));
  }
  EXPECT_EQ(open, (std::vector<std::int64_t>{waiting, collecting, deleted}));
}

TEST_P(StorageContract, openJobsComeInPages) {
  for (int i = 0; i < 5; ++i) submitFor("anna");
  std::vector<std::int64_t> all;
  for (std::int64_t after = 0;;) {
    const Jobs page = storage().open_jobs({"lab-1", after, 2}, call());
    if (page.jobs.empty()) break;
    EXPECT_LE(page.jobs.size(), 2U);
    for (const Job& found : page.jobs) all.push_back(found.row.id);
    after = all.back();
  }
  EXPECT_EQ(all, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
}

TEST_P(StorageContract, expansionsAreReplacedPerLister) {
  const Expansion first{"lab-1", "c0ffee", "ctest", {{"unit/a", "", 1, "ctest"}, {"unit/b", "b.cpp", 1, "ctest"}}};
  const Expansion other{"lab-1", "c0ffee", "pytest", {}};
  const Expansion elsewhere{"lab-2", "c0ffee", "ctest", {{"far", "", 1, "ctest"}}};
  for (const Expansion& expansion : {first, other, elsewhere}) storage().put_expansion(expansion, call());
  EXPECT_EQ(shown(storage().get_expansions({"lab-1", "c0ffee"}, call())), shown(Expansions{{first, other}}));

  const Expansion second{"lab-1", "c0ffee", "ctest", {{"unit/c", "", 1, "ctest"}}};
  storage().put_expansion(second, call());
  EXPECT_EQ(shown(storage().get_expansions({"lab-1", "c0ffee"}, call())), shown(Expansions{{second, other}}));
  EXPECT_EQ(shown(storage().get_expansions({"lab-2", "c0ffee"}, call())), shown(Expansions{{elsewhere}}));
  EXPECT_TRUE(storage().get_expansions({"lab-1", "beef"}, call()).expansions.empty());
}

}  // namespace testarena::contract
