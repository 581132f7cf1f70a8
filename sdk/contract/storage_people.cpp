// SPDX-License-Identifier: Apache-2.0
// Users and their credentials.
#include "storage_contract.h"

namespace testarena::contract {

TEST_P(StorageContract, aUserIsKeptWhole) {
  User user = person("anna");
  user.role = Role::administrator;
  user.enabled = false;
  user.last_login_at = at(77);
  createUser(user);
  EXPECT_EQ(shown(storage().get_user({"anna"}, call())), shown(user));
}

TEST_P(StorageContract, namesAreUniqueWithoutRegardToAsciiCase) {
  createUser("Anna");
  EXPECT_THROW(createUser("anna"), Conflict);
  EXPECT_THROW(createUser("ANNA"), Conflict);
  EXPECT_EQ(storage().get_user({"aNNa"}, call()).username, "Anna");
  EXPECT_NO_THROW(createUser("Änne"));
  EXPECT_NO_THROW(createUser("änne")) << "letters beyond ASCII are different letters";
  EXPECT_EQ(auditCount(), 3U) << "a refused user leaves no line";
}

TEST_P(StorageContract, aUserWithoutNameOrRoleIsInvalid) {
  EXPECT_THROW(createUser(""), Invalid);
  User nobody = person("anna");
  nobody.role = Role::unknown;
  EXPECT_THROW(createUser(nobody), Invalid);
  EXPECT_EQ(auditCount(), 0U);
}

TEST_P(StorageContract, aChangeReplacesAllButNameAndCreation) {
  createUser("Anna");
  User change = person("anna");
  change.display_name = "Anna Lind";
  change.mail = "lind@example.org";
  change.role = Role::viewer;
  change.source = "ldap_authenticator";
  change.created_at = at(999);
  change.last_login_at = at(500);
  storage().update_user({change, audit("user.change")}, call());

  User expected = change;
  expected.username = "Anna";
  expected.created_at = at(1);
  EXPECT_EQ(shown(storage().get_user({"anna"}, call())), shown(expected));
  EXPECT_EQ(audits().back().action, "user.change");

  change.last_login_at.reset();
  storage().update_user({change, audit("user.change")}, call());
  EXPECT_FALSE(storage().get_user({"anna"}, call()).last_login_at);
}

TEST_P(StorageContract, whoIsNotThereIsNotFound) {
  EXPECT_THROW(storage().get_user({"nobody"}, call()), NotFound);
  EXPECT_THROW(storage().get_user({""}, call()), NotFound);
  EXPECT_THROW(storage().update_user({person("nobody"), audit("user.change")}, call()), NotFound);
  EXPECT_THROW(storage().put_credential({"nobody", "hash", at(1)}, call()), NotFound);
  EXPECT_FALSE(storage().get_credential({"nobody"}, call()).found);
  EXPECT_EQ(auditCount(), 0U);
}

TEST_P(StorageContract, usersAreListedByNameInPages) {
  for (const char* name : {"dora", "Anna", "bert", "Carl"}) createUser(name);
  for (std::int64_t limit = 1; limit <= 5; ++limit) {
    std::vector<std::string> names;
    UsersRequest request{"", limit};
    for (;;) {
      const Users page = storage().list_users(request, call());
      for (const User& user : page.users) names.push_back(user.username);
      if (page.next.empty()) break;
      request.after = page.next;
    }
    EXPECT_EQ(names, (std::vector<std::string>{"Anna", "bert", "Carl", "dora"})) << limit;
  }
  EXPECT_THROW(storage().list_users({"", 0}, call()), Invalid);
}

TEST_P(StorageContract, aCredentialIsFoundWithTheUsersEnabling) {
  createUser("Anna");
  EXPECT_FALSE(storage().get_credential({"anna"}, call()).found);
  storage().put_credential({"anna", "$argon2id$1", at(10)}, call());
  storage().put_credential({"ANNA", "$argon2id$2", at(20)}, call());
  const FoundCredential found = storage().get_credential({"anna"}, call());
  EXPECT_TRUE(found.found);
  EXPECT_TRUE(found.enabled);
  EXPECT_EQ(shown(found.credential), shown(Credential{"Anna", "$argon2id$2", at(20)}));
  disable("anna");
  EXPECT_FALSE(storage().get_credential({"anna"}, call()).enabled);
}

}  // namespace testarena::contract
