// SPDX-License-Identifier: Apache-2.0
#include "authenticator_contract.h"

namespace testarena::contract {
namespace {

const std::string kNew = "Another quite long password";

}  // namespace

TEST_P(AuthenticatorContract, aNewPasswordReplacesTheOldOne) {
  if (!subject().setsPasswords()) GTEST_SKIP() << "passwords are not changed here";
  EXPECT_EQ(setPassword(facts().username, kNew), Code::ok);
  EXPECT_EQ(logIn(facts().username, kNew).outcome, Outcome::ok);
  EXPECT_EQ(logIn(facts().username, facts().password).outcome, Outcome::denied);
}

TEST_P(AuthenticatorContract, aPasswordThatBreaksARuleIsRefusedAndTheOldOneStays) {
  if (!subject().setsPasswords()) GTEST_SKIP() << "passwords are not changed here";
  for (const std::string& bad : {std::string(), std::string("short"), std::string("with\0a NUL in the middle", 24),
                                 std::string("not UTF-8 \xff and so no text")}) {
    EXPECT_EQ(setPassword(facts().username, bad), Code::invalid) << testing::PrintToString(bad);
  }
  EXPECT_EQ(logIn(facts().username, facts().password).outcome, Outcome::ok);
}

TEST_P(AuthenticatorContract, nobodyGetsNoPassword) {
  if (!subject().setsPasswords()) GTEST_SKIP() << "passwords are not changed here";
  EXPECT_EQ(setPassword("nobody-of-this-name", kNew), Code::not_found);
}

TEST_P(AuthenticatorContract, whereNoPasswordIsSetThatIsSaid) {
  if (subject().setsPasswords()) GTEST_SKIP() << "passwords are changed here";
  EXPECT_EQ(setPassword(facts().username, kNew), Code::unsupported);
}

}  // namespace testarena::contract
