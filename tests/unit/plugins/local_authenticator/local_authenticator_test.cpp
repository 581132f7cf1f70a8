// SPDX-License-Identifier: Apache-2.0
// What the contract suite does not ask: see sdk/contract/authenticator_contract.h for the rest.
#include "local_authenticator.h"

#include <chrono>
#include <ctime>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_host.h"

namespace testarena {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr HashCost kCheap{1, 8192};
constexpr const char* kPassword = "A difference engine of 25,000 parts";

class LocalAuthenticatorTest : public testing::Test {
 protected:
  const std::shared_ptr<test::FakeHost> host_ = std::make_shared<test::FakeHost>();
  LocalAuthenticator authenticator_{Host(host_), kCheap, 4, 32};

  void SetUp() override { host_->add("ada", PasswordHash(kCheap).make(kPassword)); }

  static Identity logIn(LocalAuthenticator& authenticator, const std::string& username, const std::string& password) {
    Call call(std::chrono::minutes(1));
    return authenticator.authenticate({username, password, "192.0.2.1"}, call);
  }
  Identity logIn(const std::string& username, const std::string& password) {
    return logIn(authenticator_, username, password);
  }
};

TEST_F(LocalAuthenticatorTest, anOutdatedHashIsRenewedAtLogin) {
  LocalAuthenticator dearer(Host(host_), {2, 16384}, 4, 32);
  const std::string old = host_->secretOf("ada");
  EXPECT_EQ(logIn(dearer, "ada", "wrong password, long enough").outcome, Outcome::denied);
  EXPECT_EQ(host_->secretOf("ada"), old) << "only who knows the password can renew it";
  EXPECT_EQ(logIn(dearer, "ada", kPassword).outcome, Outcome::ok);
  EXPECT_THAT(host_->secretOf("ada"), HasSubstr("m=16,t=2"));
  EXPECT_EQ(logIn(dearer, "ada", kPassword).outcome, Outcome::ok);
}

TEST_F(LocalAuthenticatorTest, aHashOfTodayIsLeftAlone) {
  const std::string before = host_->secretOf("ada");
  EXPECT_EQ(logIn("ada", kPassword).outcome, Outcome::ok);
  EXPECT_EQ(host_->secretOf("ada"), before);
}

TEST_F(LocalAuthenticatorTest, aHashThatCannotBeRenewedIsNoReasonToRefuse) {
  LocalAuthenticator dearer(Host(host_), {2, 16384}, 4, 32);
  host_->refuseWrites();
  EXPECT_EQ(logIn(dearer, "ada", kPassword).outcome, Outcome::ok);
  EXPECT_THAT(host_->log(), HasSubstr("not renewed: the store does not write"));
}

TEST_F(LocalAuthenticatorTest, whatIsNoPasswordIsAskedOfNobody) {
  for (const std::string& password : {std::string(), std::string(1, '\0'), std::string("\0abc", 4),
                                      std::string("abc\0", 4), std::string(1025, 'x')}) {
    EXPECT_EQ(logIn("ada", password).outcome, Outcome::denied);
    EXPECT_EQ(logIn("nobody", password).outcome, Outcome::denied) << "the same answer for who is not there";
  }
  EXPECT_EQ(host_->lookups(), 0);
}

TEST_F(LocalAuthenticatorTest, aNameThatNobodyCanHaveIsAskedOfNobody) {
  for (const std::string& name : {std::string(), std::string("ada\0x", 5), std::string(257, 'a')}) {
    EXPECT_EQ(logIn(name, kPassword).outcome, Outcome::defer);
  }
  EXPECT_EQ(host_->lookups(), 0);
}

TEST_F(LocalAuthenticatorTest, anAccountWithoutCredentialIsSomebodyElses) {
  host_->add("from-the-directory");
  EXPECT_EQ(logIn("from-the-directory", kPassword).outcome, Outcome::defer);
}

TEST_F(LocalAuthenticatorTest, aDisabledAccountIsDeniedWithTheRightPasswordToo) {
  host_->add("charles", PasswordHash(kCheap).make(kPassword), false);
  EXPECT_THAT(logIn("charles", kPassword).reason, HasSubstr("disabled"));
  EXPECT_THAT(logIn("charles", "Wrong password, long").reason, Not(HasSubstr("disabled")))
      << "who guesses learns nothing";
}

TEST_F(LocalAuthenticatorTest, aStoredTextThatIsNoHashFitsNoPassword) {
  for (const char* secret : {"plain", "$argon2id$", "$2y$05$abcdefghijklmnopqrstuv", kPassword}) {
    host_->add("ada", secret);
    EXPECT_EQ(logIn("ada", kPassword).outcome, Outcome::denied) << secret;
  }
}

// In processor time of this thread, which other programs do not disturb, and at a cost at which a forgotten hash makes
// a difference of a hundred times.
TEST_F(LocalAuthenticatorTest, anUnknownAccountCostsAsMuchAsAWrongPassword) {
  LocalAuthenticator dear(Host(host_), {3, std::size_t{32} << 20}, 4, 32);
  host_->add("ada", PasswordHash({3, std::size_t{32} << 20}).make(kPassword));
  host_->add("charles", PasswordHash({3, std::size_t{32} << 20}).make(kPassword), false);
  host_->add("broken", "no hash at all");
  const auto cost = [&](const std::string& username) {
    timespec before{}, after{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    logIn(dear, username, "a wrong password, long enough");
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    return static_cast<double>(after.tv_sec - before.tv_sec) +
           static_cast<double>(after.tv_nsec - before.tv_nsec) * 1e-9;
  };
  cost("ada");  // the first one pays for pages
  const double wrong = cost("ada");
  for (const std::string& name :
       {std::string("nobody"), std::string("charles"), std::string("broken"), std::string(300, 'a')}) {
    EXPECT_GT(cost(name), wrong / 5) << name;
  }
}

TEST_F(LocalAuthenticatorTest, whoHasNoRoomSaysSoAndCountsNothing) {
  LocalAuthenticator full(Host(host_), kCheap, 0, 0);
  const Identity identity = logIn(full, "ada", kPassword);
  EXPECT_EQ(identity.outcome, Outcome::unavailable);
  EXPECT_THAT(identity.reason, HasSubstr("too many people"));
  Call call(std::chrono::minutes(1));
  EXPECT_THROW(full.set_password({"ada", "Another password, long enough"}, call), Unavailable);
}

TEST_F(LocalAuthenticatorTest, passwordsAreNeitherLoggedNorStored) {
  const std::string secret = "canary canary 4711, canary";
  Call call(std::chrono::minutes(1));
  authenticator_.set_password({"ada", secret}, call);
  logIn("ada", secret);
  logIn("ada", secret + "x");
  EXPECT_THAT(host_->log(), Not(HasSubstr("canary")));
  EXPECT_THAT(host_->secretOf("ada"), Not(HasSubstr("canary")));
}

TEST_F(LocalAuthenticatorTest, aRuleThatIsBrokenIsNamed) {
  Call call(std::chrono::minutes(1));
  try {
    authenticator_.set_password({"ada", "too short"}, call);
    FAIL();
  } catch (const Invalid& error) {
    EXPECT_THAT(error.what(), HasSubstr("at least 15 characters"));
    EXPECT_EQ(error.pointer(), "/password");
  }
}

}  // namespace
}  // namespace testarena
