// SPDX-License-Identifier: Apache-2.0
// Idempotency keys: a request that comes again is not a second job.
#include "storage_contract.h"

namespace testarena::contract {
namespace {

NewJob keyed(NewJob wish, const std::string& key, const std::string& digest) {
  wish.idempotency_key = key;
  wish.request_digest = digest;
  return wish;
}

}  // namespace

TEST_P(StorageContract, theSameKeyAndRequestIsTheSameJob) {
  const Job first = submit(keyed(wish(), "k", "d"));
  const CreatedJob again = storage().create_job(keyed(wish(), "k", "d"), call());
  EXPECT_EQ(again.creation, Creation::existing);
  EXPECT_EQ(shown(again.job), shown(first));
  EXPECT_EQ(listed({}).size(), 1U);
  EXPECT_EQ(auditCount(), 1U);
}

TEST_P(StorageContract, theSameKeyWithAnotherRequestIsRefused) {
  submit(keyed(wish(), "k", "d"));
  const CreatedJob other = storage().create_job(keyed(wish(), "k", "other"), call());
  EXPECT_EQ(other.creation, Creation::mismatch);
  EXPECT_EQ(listed({}).size(), 1U);
  EXPECT_EQ(auditCount(), 1U);
}

TEST_P(StorageContract, keysBelongToTheirUsers) {
  submit(keyed(wish("anna"), "k", "d"));
  EXPECT_EQ(storage().create_job(keyed(wish("bert"), "k", "other"), call()).creation, Creation::created);
  EXPECT_EQ(storage().create_job(keyed(wish("ANNA"), "k", "d"), call()).creation, Creation::existing)
      << "names differ by more than the case of letters";
}

TEST_P(StorageContract, withoutAKeyEachRequestIsAJob) {
  submit(keyed(wish(), "", "d"));
  submit(keyed(wish(), "", "d"));
  EXPECT_EQ(listed({}).size(), 2U);
}

TEST_P(StorageContract, aKeyOutlivesTheDeletionOfItsJob) {
  const std::int64_t id = submit(keyed(wish(), "k", "d")).row.id;
  remove(id);
  const CreatedJob deleted = storage().create_job(keyed(wish(), "k", "d"), call());
  EXPECT_EQ(deleted.creation, Creation::existing);
  EXPECT_EQ(deleted.job.row.id, id);
  EXPECT_TRUE(deleted.job.progress.deleted);

  purge(id);
  const CreatedJob purged = storage().create_job(keyed(wish(), "k", "d"), call());
  EXPECT_EQ(purged.creation, Creation::existing);
  EXPECT_EQ(purged.job.row.id, id);
  EXPECT_EQ(purged.job.row.environment, "lab-1");
  EXPECT_TRUE(purged.job.progress.deleted);
  EXPECT_TRUE(listed({}).empty());
}

TEST_P(StorageContract, aSubmissionThatFailedDoesNotUseItsKey) {
  NewJob wrong = keyed(wish("anna", {"boot", "boot"}), "k", "d");
  EXPECT_THROW(storage().create_job(wrong, call()), Invalid);
  EXPECT_EQ(storage().create_job(keyed(wish(), "k", "other"), call()).creation, Creation::created);
}

TEST_P(StorageContract, findingASubmissionSaysWhatCreatingWouldAnswer) {
  EXPECT_EQ(storage().find_submission({"anna", "k", "d"}, call()).creation, Creation::unknown);
  const Job first = submit(keyed(wish(), "k", "d"));
  const CreatedJob found = storage().find_submission({"anna", "k", "d"}, call());
  EXPECT_EQ(found.creation, Creation::existing);
  EXPECT_EQ(shown(found.job), shown(first));
  EXPECT_EQ(storage().find_submission({"anna", "k", "other"}, call()).creation, Creation::mismatch);
  EXPECT_EQ(storage().find_submission({"bert", "k", "d"}, call()).creation, Creation::unknown);
  EXPECT_EQ(storage().find_submission({"anna", "", "d"}, call()).creation, Creation::unknown);
}

TEST_P(StorageContract, oldKeysAreForgottenByTidying) {
  NewJob old = keyed(wish(), "old", "d");
  old.created_at = at(10);
  NewJob young = keyed(wish(), "young", "d");
  young.created_at = at(20);
  submit(old);
  submit(young);
  storage().tidy({at(30), at(20)}, call());
  EXPECT_EQ(storage().find_submission({"anna", "old", "d"}, call()).creation, Creation::unknown);
  EXPECT_EQ(storage().find_submission({"anna", "young", "d"}, call()).creation, Creation::existing);
  EXPECT_EQ(listed({}).size(), 2U) << "the jobs stay";
}

}  // namespace testarena::contract
