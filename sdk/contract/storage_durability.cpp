// SPDX-License-Identifier: Apache-2.0
// Opening, ending and opening again.
#include "storage_contract.h"

namespace testarena::contract {

TEST_P(StorageContract, everythingIsThereAfterOpeningAgain) {
  const Job was = submit(wish());
  const Job ended = finish(submitFor("bert"), State::failed);
  remove(submitFor("carl"));
  createUser("anna");
  storage().put_credential({"anna", "hash", at(3)}, call());
  logIn("s1", "anna");
  storage().create_token({token("t1", "anna"), audit("token.create")}, call());
  storage().put_expansion({"lab-1", "c0ffee", "ctest", {{"a", "", 1, "ctest"}}}, call());
  const std::vector<Audit> lines = audits();

  reopen();
  EXPECT_EQ(shown(job(was.row.id)), shown(was));
  EXPECT_EQ(shown(job(ended.row.id)), shown(ended));
  EXPECT_EQ(listed({}), (std::vector<std::int64_t>{2, 1}));
  EXPECT_TRUE(storage().get_credential({"anna"}, call()).found);
  EXPECT_TRUE(isLoggedIn("s1"));
  EXPECT_TRUE(storage().get_token({"t1"}, call()).found);
  EXPECT_EQ(storage().get_expansions({"lab-1", "c0ffee"}, call()).expansions.size(), 1U);
  EXPECT_EQ(shown(audits()), shown(lines));
}

TEST_P(StorageContract, openingSaysTheVersionOfTheSchema) {
  const OpenedStorage again = storage().open({}, call());
  EXPECT_GT(again.schema_version, 0);
  EXPECT_TRUE(again.applied.empty()) << "it was up to date";
  EXPECT_NO_THROW(storage().open({false}, call()));
}

TEST_P(StorageContract, healthIsOkAndNamesWhatStandsBehind) {
  const Health health = storage().health({}, call());
  EXPECT_EQ(health.state, HealthState::ok);
  EXPECT_EQ(health.message, "");
  EXPECT_NE(health.version, "");
}

TEST_P(StorageContract, aCallThatWasTakenBackWritesNothing) {
  Call late(std::chrono::milliseconds(0));
  EXPECT_THROW(storage().create_job(wish(), late), Error);
  Call takenBack(std::chrono::minutes(1), "", [] { return true; });
  EXPECT_THROW(storage().create_job(wish(), takenBack), Error);
  EXPECT_TRUE(listed({}).empty());
}

}  // namespace testarena::contract
