// SPDX-License-Identifier: Apache-2.0
// The contract of Authenticator as tests: each sentence of <testarena/authenticator.h> that can be checked from
// outside.
//
// To have your authenticator checked, make it over something that has the accounts of AuthenticatorFacts, and
// instantiate the suite:
//
//     class FarmSubject : public testarena::contract::AuthenticatorSubject { ... };
//     INSTANTIATE_TEST_SUITE_P(Farm, AuthenticatorContract, testing::Values(AuthenticatorCase{"farm", [] {
//       return std::make_unique<FarmSubject>();
//     }}));
//
// and link the program with the CMake target testarena_contract_authenticator.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include <testarena/authenticator.h>

namespace testarena::contract {

struct AuthenticatorFacts {
  std::string username;  ///< an account that may log in
  std::string password;  ///< of it; it has letters in both cases, and at least 15 characters
  std::string disabled;  ///< another account with the same password, that may not; empty: there is none
};

/// An authenticator with all that it needs. Each test gets a new one.
class AuthenticatorSubject {
 public:
  virtual ~AuthenticatorSubject() = default;

  virtual Authenticator& authenticator() = 0;
  virtual const AuthenticatorFacts& facts() const = 0;

  /// True if `set_password` works.
  virtual bool setsPasswords() const { return false; }

  /// Makes what stands behind it unreachable; false: the subject cannot.
  virtual bool breakSource() { return false; }
};

struct AuthenticatorCase {
  std::string name;
  std::function<std::unique_ptr<AuthenticatorSubject>()> make;
};
inline void PrintTo(const AuthenticatorCase& which, std::ostream* out) {
  *out << which.name;
}

/// What the tests have in common: the words of the domain.
class AuthenticatorContract : public testing::TestWithParam<AuthenticatorCase> {
 protected:
  AuthenticatorContract() : subject_(GetParam().make()) {}

  Authenticator& authenticator() { return subject_->authenticator(); }
  AuthenticatorSubject& subject() { return *subject_; }
  const AuthenticatorFacts& facts() const { return subject_->facts(); }

  Identity logIn(const std::string& username, const std::string& password);
  Account lookUp(const std::string& username);
  Health health();
  Code setPassword(const std::string& username, const std::string& password);

 private:
  std::unique_ptr<AuthenticatorSubject> subject_;
};

}  // namespace testarena::contract
