// SPDX-License-Identifier: Apache-2.0
// Checks passwords: the chain of authenticators, limits, and what is remembered of right ones.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <testarena/authenticator.h>
#include <testarena/storage.h>

#include "actor.h"
#include "clock.h"
#include "failed_logins.h"
#include "log.h"
#include "random.h"

namespace testarena::server {

/// One link of the chain.
struct AuthenticatorLink {
  std::string plugin;
  Authenticator* authenticator;
};

/// A wrong password, or an account that may not log in. The text is the same whatever it was.
class WrongPassword : public Denied {
 public:
  WrongPassword() : Denied("user name or password is wrong") {}
};

/// Too many wrong ones.
class TooManyLogins : public Error {
 public:
  explicit TooManyLogins(std::chrono::seconds wait)
      : Error(Code::exhausted, "too many failed logins; try again in " + std::to_string(wait.count()) + " s"),
        wait_(wait) {}
  std::chrono::seconds wait() const { return wait_; }

 private:
  std::chrono::seconds wait_;
};

/// Threads: any.
class Accounts {
 public:
  Accounts(Storage& storage, std::vector<AuthenticatorLink> chain, const Clock& clock);

  /// Who this is. A password that was right counts as right for another minute without being computed again, unless the
  /// account or its password changes. Throws WrongPassword, TooManyLogins, or Unavailable when an authenticator that
  /// might know the account could not be asked.
  Actor checkPassword(const std::string& username, const std::string& password, const std::string& address);

  /// Makes a local account with a password of its own, which is returned and stands nowhere. `Conflict`: the name is
  /// taken.
  std::string createUser(const std::string& username, Role role, const Audit& audit);
  /// A new password, returned; all sessions end. `NotFound`: no such user.
  std::string resetPassword(const std::string& username, const Audit& audit);
  void setPassword(const std::string& username, const std::string& password);

  /// Forgets what is remembered of the account's right password.
  void forget(std::string_view username);

 private:
  struct Remembered {
    std::string digest;
    Actor actor;
    Clock::Steady until{};
  };
  std::optional<Actor> remembered(const std::string& username, const std::string& password);
  void remember(const std::string& username, const std::string& password, const Actor& actor);
  Identity askChain(const Credentials& credentials, std::string& plugin);
  User record(const Identity& identity, const std::string& plugin);

  Storage& storage_;
  const std::vector<AuthenticatorLink> chain_;
  const Clock& clock_;
  FailedLogins failedLogins_;
  const KeyedHash keyedHash_;
  const Logger log_{"accounts"};
  std::mutex mutex_;
  std::unordered_map<std::string, Remembered> remembered_;  ///< by user name as typed; guarded by mutex_
};

}  // namespace testarena::server
