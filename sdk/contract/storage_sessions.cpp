// SPDX-License-Identifier: Apache-2.0
// Sessions: found until they end, and everything that ends them.
#include "storage_contract.h"

namespace testarena::contract {

TEST_P(StorageContract, aSessionIsFoundWithItsUser) {
  createUser("Anna");
  logIn("s1", "anna");
  const FoundSession found = storage().get_session({"s1"}, call());
  ASSERT_TRUE(found.found);
  Session expected = session("s1", "Anna");
  EXPECT_EQ(shown(found.session), shown(expected));
  EXPECT_EQ(shown(found.user), shown(person("Anna")));
}

TEST_P(StorageContract, anUnknownSessionIsAnAnswer) {
  const FoundSession found = storage().get_session({"nothing"}, call());
  EXPECT_FALSE(found.found);
  EXPECT_EQ(shown(found), shown(FoundSession{}));
}

TEST_P(StorageContract, sessionsNeedAUserWhoMayLogIn) {
  EXPECT_THROW(logIn("s1", "nobody"), NotFound);
  createUser("anna");
  disable("anna");
  EXPECT_THROW(logIn("s1", "anna"), WrongState);
  EXPECT_FALSE(isLoggedIn("s1"));
}

TEST_P(StorageContract, aSessionsIdIsUsedOnce) {
  createUser("anna");
  createUser("bert");
  logIn("s1", "anna");
  EXPECT_THROW(logIn("s1", "bert"), Conflict);
  EXPECT_EQ(storage().get_session({"s1"}, call()).user.username, "anna");
}

TEST_P(StorageContract, useMovesTheExpiry) {
  createUser("anna");
  logIn("s1", "anna");
  storage().touch_session({"s1", at(500), at(2000)}, call());
  const Session touched = storage().get_session({"s1"}, call()).session;
  EXPECT_EQ(touched.used_at, at(500));
  EXPECT_EQ(touched.expires_at, at(2000));
  EXPECT_EQ(touched.created_at, at(1));
}

TEST_P(StorageContract, touchingAndDeletingWhatHasEndedIsNoError) {
  EXPECT_NO_THROW(storage().touch_session({"gone", at(1), at(2)}, call()));
  EXPECT_NO_THROW(storage().delete_session({"gone"}, call()));
  EXPECT_NO_THROW(storage().delete_sessions_of({"nobody"}, call()));
  EXPECT_FALSE(isLoggedIn("gone"));
}

TEST_P(StorageContract, loggingOutEndsOneSession) {
  createUser("anna");
  logIn("s1", "anna");
  logIn("s2", "anna");
  storage().delete_session({"s1"}, call());
  EXPECT_FALSE(isLoggedIn("s1"));
  EXPECT_TRUE(isLoggedIn("s2"));
}

TEST_P(StorageContract, allSessionsOfAUserEndTogether) {
  createUser("anna");
  createUser("bert");
  logIn("s1", "anna");
  logIn("s2", "anna");
  logIn("s3", "bert");
  storage().delete_sessions_of({"ANNA"}, call());
  EXPECT_FALSE(isLoggedIn("s1"));
  EXPECT_FALSE(isLoggedIn("s2"));
  EXPECT_TRUE(isLoggedIn("s3"));
}

TEST_P(StorageContract, disablingEndsTheUsersSessionsForGood) {
  createUser("anna");
  createUser("bert");
  logIn("s1", "anna");
  logIn("s2", "bert");
  disable("anna");
  EXPECT_FALSE(isLoggedIn("s1"));
  EXPECT_TRUE(isLoggedIn("s2"));
  storage().update_user({person("anna"), audit("user.enable")}, call());
  EXPECT_FALSE(isLoggedIn("s1")) << "enabling brings no session back";
}

TEST_P(StorageContract, anotherChangeOfAUserEndsNoSession) {
  createUser("anna");
  logIn("s1", "anna");
  User renamed = person("anna");
  renamed.display_name = "Anna Lind";
  storage().update_user({renamed, audit("user.change")}, call());
  EXPECT_EQ(storage().get_session({"s1"}, call()).user.display_name, "Anna Lind");
}

TEST_P(StorageContract, aNewPasswordEndsTheUsersSessions) {
  createUser("anna");
  createUser("bert");
  logIn("s1", "anna");
  logIn("s2", "bert");
  storage().put_credential({"anna", "hash", at(10)}, call());
  EXPECT_FALSE(isLoggedIn("s1"));
  EXPECT_TRUE(isLoggedIn("s2"));
}

// The storage has no clock of its own here: it is the caller who compares.
TEST_P(StorageContract, expiredSessionsAreFoundWithTheirExpiryUntilTidied) {
  createUser("anna");
  logIn("s1", "anna");
  Session longer = session("s2", "anna");
  longer.expires_at = at(5000);
  storage().create_session(longer, call());
  EXPECT_EQ(storage().get_session({"s1"}, call()).session.expires_at, at(1000));
  storage().tidy({at(999), at(0)}, call());
  EXPECT_TRUE(isLoggedIn("s1"));
  storage().tidy({at(1000), at(0)}, call());
  EXPECT_FALSE(isLoggedIn("s1"));
  EXPECT_TRUE(isLoggedIn("s2"));
}

}  // namespace testarena::contract
