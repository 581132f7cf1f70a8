// SPDX-License-Identifier: Apache-2.0
// Tokens of programs.
#include "storage_contract.h"

namespace testarena::contract {

TEST_P(StorageContract, aTokenIsFoundWithItsUser) {
  createUser("Anna");
  Token made = token("t1", "anna");
  made.expires_at = at(900);
  storage().create_token({made, audit("token.create")}, call());
  const FoundToken found = storage().get_token({"t1"}, call());
  ASSERT_TRUE(found.found);
  made.username = "Anna";
  EXPECT_EQ(shown(found.token), shown(made));
  EXPECT_EQ(shown(found.user), shown(person("Anna")));
  EXPECT_EQ(audits().back().action, "token.create");
  EXPECT_FALSE(storage().get_token({"t2"}, call()).found);
}

TEST_P(StorageContract, tokensNeedAUserAndANewId) {
  EXPECT_THROW(storage().create_token({token("t1", "nobody"), audit("token.create")}, call()), NotFound);
  EXPECT_EQ(auditCount(), 0U);
  createUser("anna");
  storage().create_token({token("t1", "anna"), audit("token.create")}, call());
  EXPECT_THROW(storage().create_token({token("t1", "anna"), audit("token.create")}, call()), Conflict);
  EXPECT_EQ(auditCount(), 2U);
}

TEST_P(StorageContract, theTokenOfADisabledUserIsNotFound) {
  createUser("anna");
  storage().create_token({token("t1", "anna"), audit("token.create")}, call());
  disable("anna");
  EXPECT_FALSE(storage().get_token({"t1"}, call()).found);
  storage().update_user({person("anna"), audit("user.enable")}, call());
  EXPECT_TRUE(storage().get_token({"t1"}, call()).found) << "tokens are not ended, they wait";
}

TEST_P(StorageContract, useOfATokenIsKept) {
  createUser("anna");
  storage().create_token({token("t1", "anna"), audit("token.create")}, call());
  EXPECT_FALSE(storage().get_token({"t1"}, call()).token.used_at);
  storage().touch_token({"t1", at(300)}, call());
  EXPECT_EQ(storage().get_token({"t1"}, call()).token.used_at, at(300));
  EXPECT_NO_THROW(storage().touch_token({"gone", at(300)}, call()));
}

TEST_P(StorageContract, tokensAreListedOldestFirst) {
  createUser("anna");
  createUser("bert");
  for (const auto& [id, created] :
       std::vector<std::pair<std::string, std::int64_t>>{{"t1", 30}, {"t2", 10}, {"t3", 20}}) {
    Token made = token(id, "anna");
    made.created_at = at(created);
    storage().create_token({made, audit("token.create")}, call());
  }
  storage().create_token({token("t4", "bert"), audit("token.create")}, call());
  std::vector<std::string> ids;
  for (const Token& found : storage().list_tokens({"ANNA"}, call()).tokens) ids.push_back(found.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"t2", "t3", "t1"}));
  EXPECT_TRUE(storage().list_tokens({"nobody"}, call()).tokens.empty());
}

TEST_P(StorageContract, onlyOnesOwnTokenIsDeleted) {
  createUser("anna");
  createUser("bert");
  storage().create_token({token("t1", "anna"), audit("token.create")}, call());
  EXPECT_THROW(storage().delete_token({token("t1", "bert"), audit("token.delete")}, call()), NotFound);
  EXPECT_TRUE(storage().get_token({"t1"}, call()).found);
  storage().delete_token({token("t1", "anna"), audit("token.delete")}, call());
  EXPECT_FALSE(storage().get_token({"t1"}, call()).found);
  EXPECT_EQ(audits().back().action, "token.delete");
  const std::size_t lines = auditCount();
  EXPECT_THROW(storage().delete_token({token("t1", "anna"), audit("token.delete")}, call()), NotFound);
  EXPECT_EQ(auditCount(), lines) << "what was not deleted is not in the log";
}

}  // namespace testarena::contract
