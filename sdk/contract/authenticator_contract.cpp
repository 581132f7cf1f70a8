// SPDX-License-Identifier: Apache-2.0
#include "authenticator_contract.h"

#include <chrono>
#include <thread>
#include <vector>

namespace testarena::contract {
namespace {

constexpr std::chrono::seconds kPatience{60};  // only a failure waits that long

/// Names that mean something to a directory, a shell, a database or a terminal.
std::vector<std::string> hostileNames(const std::string& username) {
  return {"",
          "*",
          username + "*",
          "*)(uid=*))(|(uid=*",
          username + ")(&)",
          "\\2a",
          username + std::string("\0x", 2),
          "e\xcc\x81",
          std::string(10240, 'a'),
          "a,b=c",
          "#x",
          "' OR 1=1--",
          "%",
          "$(id)",
          "../" + username,
          username + "\n",
          "uid=" + username};
}

}  // namespace

Identity AuthenticatorContract::logIn(const std::string& username, const std::string& password) {
  Call call(kPatience);
  return authenticator().authenticate({username, password, "192.0.2.1"}, call);
}

Account AuthenticatorContract::lookUp(const std::string& username) {
  Call call(kPatience);
  return authenticator().lookup({username}, call);
}

Health AuthenticatorContract::health() {
  Call call(kPatience);
  return authenticator().health({}, call);
}

Code AuthenticatorContract::setPassword(const std::string& username, const std::string& password) {
  try {
    Call call(kPatience);
    authenticator().set_password({username, password}, call);
  } catch (const Error& error) {
    EXPECT_STRNE(error.what(), "") << "an error says what was wrong";
    const bool told = !password.empty() && std::string(error.what()).find(password) != std::string::npos;
    EXPECT_FALSE(told) << "passwords are not logged";
    return error.code();
  }
  return Code::ok;
}

TEST_P(AuthenticatorContract, theRightPasswordIsOk) {
  const Identity identity = logIn(facts().username, facts().password);
  EXPECT_EQ(identity.outcome, Outcome::ok);
  EXPECT_EQ(identity.username, facts().username);
  EXPECT_TRUE(identity.role.empty() || identity.role == "viewer" || identity.role == "user" ||
              identity.role == "administrator")
      << identity.role;
}

TEST_P(AuthenticatorContract, aWrongPasswordIsDenied) {
  const std::string wrong = "Wrong " + facts().password;
  const Identity identity = logIn(facts().username, wrong);
  EXPECT_EQ(identity.outcome, Outcome::denied);
  EXPECT_NE(identity.reason, "") << "the log says why";
  EXPECT_EQ(identity.reason.find(wrong), std::string::npos) << "passwords are not logged";
}

TEST_P(AuthenticatorContract, passwordsAreExact) {
  const std::string& right = facts().password;
  std::string swapped = right;
  for (char& c : swapped) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
      break;
    }
  }
  ASSERT_NE(swapped, right);
  for (const std::string& wrong :
       {swapped, right + " ", " " + right, right.substr(1), right.substr(0, right.size() - 1), right + right,
        right + std::string(1, '\0'), right + "\n"}) {
    EXPECT_EQ(logIn(facts().username, wrong).outcome, Outcome::denied) << testing::PrintToString(wrong);
  }
}

TEST_P(AuthenticatorContract, anAccountOfSomebodyElseIsDeferred) {
  EXPECT_EQ(logIn("nobody-of-this-name", facts().password).outcome, Outcome::defer);
}

// Directories take an empty password for no login at all, and say yes.
TEST_P(AuthenticatorContract, noPasswordIsNoLogin) {
  for (const std::string& username : {facts().username, std::string("nobody-of-this-name"), std::string()}) {
    for (const std::string& password : {std::string(), std::string(1, '\0'), std::string("\0abc", 4)}) {
      const Outcome outcome = logIn(username, password).outcome;
      EXPECT_TRUE(outcome == Outcome::denied || outcome == Outcome::defer) << enumName(outcome);
    }
  }
}

TEST_P(AuthenticatorContract, aHostileNameIsNobodysName) {
  for (const std::string& name : hostileNames(facts().username)) {
    const Outcome outcome = logIn(name, facts().password).outcome;
    EXPECT_TRUE(outcome == Outcome::denied || outcome == Outcome::defer)
        << enumName(outcome) << " " << testing::PrintToString(name.substr(0, 100));
    EXPECT_FALSE(lookUp(name).enabled) << testing::PrintToString(name.substr(0, 100));
  }
}

// A directory does not tell them apart, and that is well as long as it is one account.
TEST_P(AuthenticatorContract, aNameInOtherWordsIsTheSameAccountOrNone) {
  std::string upper = facts().username;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  for (const std::string& name : {" " + facts().username, facts().username + " ", upper}) {
    const Identity identity = logIn(name, facts().password);
    if (identity.outcome == Outcome::ok) {
      EXPECT_EQ(lookUp(identity.username).outcome, Outcome::ok) << testing::PrintToString(name);
    } else {
      EXPECT_TRUE(identity.outcome == Outcome::denied || identity.outcome == Outcome::defer)
          << enumName(identity.outcome);
    }
  }
}

TEST_P(AuthenticatorContract, aPasswordTooLongIsNotOk) {
  EXPECT_NE(logIn(facts().username, std::string(1 << 20, 'x')).outcome, Outcome::ok);
  EXPECT_NE(logIn(facts().username, facts().password + std::string(1 << 20, 'x')).outcome, Outcome::ok);
}

TEST_P(AuthenticatorContract, aDisabledAccountIsDenied) {
  if (facts().disabled.empty()) GTEST_SKIP() << "there is no disabled account";
  EXPECT_EQ(logIn(facts().disabled, facts().password).outcome, Outcome::denied);
  EXPECT_EQ(logIn(facts().disabled, "Wrong " + facts().password).outcome, Outcome::denied);
}

TEST_P(AuthenticatorContract, lookupTellsWhoMayGoOn) {
  const Account account = lookUp(facts().username);
  EXPECT_EQ(account.outcome, Outcome::ok);
  EXPECT_TRUE(account.enabled);
  const Account stranger = lookUp("nobody-of-this-name");
  EXPECT_EQ(stranger.outcome, Outcome::defer);
  EXPECT_FALSE(stranger.enabled);
  if (facts().disabled.empty()) return;
  const Account disabled = lookUp(facts().disabled);
  EXPECT_EQ(disabled.outcome, Outcome::ok);
  EXPECT_FALSE(disabled.enabled);
}

TEST_P(AuthenticatorContract, isWell) {
  const Health health = this->health();
  EXPECT_EQ(health.state, HealthState::ok);
  EXPECT_EQ(health.message, "");
}

// Neither a wrong password, which would be counted, nor an account of somebody else.
TEST_P(AuthenticatorContract, whatCannotBeAskedIsUnavailable) {
  if (!subject().breakSource()) GTEST_SKIP() << "it cannot be put out of reach here";
  EXPECT_EQ(logIn(facts().username, facts().password).outcome, Outcome::unavailable);
  EXPECT_EQ(logIn(facts().username, "Wrong " + facts().password).outcome, Outcome::unavailable);
  EXPECT_EQ(logIn("nobody-of-this-name", facts().password).outcome, Outcome::unavailable);
  EXPECT_EQ(lookUp(facts().username).outcome, Outcome::unavailable);
}

TEST_P(AuthenticatorContract, manyAtOnceGetEachTheirOwnAnswer) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 3; ++j) {
        const bool right = (i + j) % 2 == 0;
        const Outcome outcome = logIn(facts().username, right ? facts().password : "Wrong " + facts().password).outcome;
        // Who is overloaded may say so, but must not say anything else.
        EXPECT_TRUE(outcome == Outcome::unavailable || outcome == (right ? Outcome::ok : Outcome::denied))
            << enumName(outcome);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace testarena::contract
