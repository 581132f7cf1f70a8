// SPDX-License-Identifier: Apache-2.0
// Authenticator: says who somebody is.
#pragma once

#include <string>
#include <vector>

#include <testarena/interface.h>
#include <testarena/types.h>

namespace testarena {
inline namespace v1 {

/// ok           the password is right.
/// denied       the account is mine and the password is wrong, or it may not log in: the chain ends here.
/// defer        not mine: the next authenticator is asked.
/// unavailable  what stands behind me could not be asked. Never counted as a wrong password.
TA_ENUM(Outcome, unknown, ok, denied, defer, unavailable)

struct Credentials {
  std::string username;  ///< as typed, UTF-8, at most 256 bytes; hostile text
  std::string password;  ///< at most 1,024 bytes; never kept, never logged
  std::string address;   ///< of the client, for messages
  TA_FIELDS(username, password, address)
};

struct Identity {
  Outcome outcome = Outcome::unknown;
  std::string username;  ///< canonical form; what jobs are owned by
  std::string display_name;
  std::string mail;
  std::vector<std::string> groups;
  std::string role;    ///< viewer, user or administrator; empty: what the host has stored, else its default
  std::string reason;  ///< for the log, never for the client
  TA_FIELDS(outcome, username, display_name, mail, groups, role, reason)
};

struct LookupRequest {
  std::string username;
  TA_FIELDS(username)
};

struct Account {
  Outcome outcome = Outcome::unknown;  ///< ok: known; defer: not mine; unavailable: could not be asked
  bool enabled = false;                ///< false: sessions and tokens of the account end
  std::string display_name;
  std::string mail;
  std::vector<std::string> groups;
  std::string role;  ///< as in Identity
  TA_FIELDS(outcome, enabled, display_name, mail, groups, role)
};

struct PasswordChange {
  std::string username;
  std::string password;
  TA_FIELDS(username, password)
};

/// The story. The host asks the configured authenticators in their order until one says `ok` or `denied`; it keeps the
/// sessions, tokens, limits, roles and the audit log itself. Now and then it asks `lookup` for accounts that have
/// sessions.
///
/// Threads: any, up to the manifest's `max_concurrency` at once. What is wrong with a login is an outcome, not an
/// error.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  /// Checks a password. An unknown account must cost as much time as a wrong password.
  virtual Identity authenticate(const Credentials&, Call&) = 0;

  /// Refreshes an account without a password.
  virtual Account lookup(const LookupRequest&, Call&) = 0;

  virtual Health health(const HealthRequest&, Call&) = 0;

  /// Optional: sets the password of an account that the host has created. `Invalid` says which rule it breaks.
  virtual None set_password(const PasswordChange&, Call&) {
    throw Unsupported("passwords of this authenticator are not changed here");
  }
};

TA_INTERFACE(Authenticator, "authenticator/1", authenticate, lookup, health, set_password)

}  // namespace v1
}  // namespace testarena
