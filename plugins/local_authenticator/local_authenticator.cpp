// SPDX-License-Identifier: Apache-2.0
#include "local_authenticator.h"

#include <cstddef>
#include <exception>
#include <string>

#include <sodium.h>

#include <testarena/error.h>

#include "password_rules.h"

namespace testarena {
namespace {

constexpr int kHashing = 4;  // 4 x 19 MiB
constexpr int kWaiting = 32;
constexpr std::size_t kLongestName = 256;

Identity outcome(Outcome outcome, std::string reason) {
  Identity identity;
  identity.outcome = outcome;
  identity.reason = std::move(reason);
  return identity;
}

}  // namespace

LocalAuthenticator::LocalAuthenticator(const Settings&, const Host& host)
    : LocalAuthenticator(host, HashCost{}, kHashing, kWaiting) {}

LocalAuthenticator::LocalAuthenticator(const Host& host, HashCost cost, int hashing, int waiting)
    : host_(host), hash_(cost), slots_(hashing, waiting) {}

Identity LocalAuthenticator::authenticate(const Credentials& credentials, Call& call) {
  // Of no account, so it gives none away, and the end for whoever is next: an LDAP server takes an empty password for
  // no login at all and says yes (RFC 4513 5.1.2).
  if (isNoPassword(credentials.password)) {
    return outcome(Outcome::denied, "the password is empty, too long or has a NUL character");
  }
  try {
    return check(credentials, call);
  } catch (const Error& error) {
    return outcome(Outcome::unavailable, error.what());
  }
}

/// A name that no account can have is one that none has: the host may refuse to look for it.
StoredCredential LocalAuthenticator::find(const std::string& username) const {
  const bool possible =
      !username.empty() && username.size() <= kLongestName && username.find('\0') == std::string::npos;
  return possible ? host_.credential(username) : StoredCredential{};
}

Identity LocalAuthenticator::check(const Credentials& credentials, const Call& call) {
  const StoredCredential stored = find(credentials.username);
  bool matches = false;
  {
    // One hash in every case: neither the answer nor its time tells whether there is such an account.
    const HashSlots::Slot slot(slots_, call);
    if (stored.found) {
      matches = hash_.matches(stored.secret, credentials.password);
    } else {
      hash_.spendTime(credentials.password);
    }
  }
  if (!stored.found) return outcome(Outcome::defer, "there is no local account of this name");
  if (!matches) return outcome(Outcome::denied, "the password is wrong");
  if (!stored.enabled) return outcome(Outcome::denied, "the account is disabled");
  if (hash_.isOutdated(stored.secret)) renewHash(credentials, call);
  Identity identity = outcome(Outcome::ok, "");
  identity.username = credentials.username;
  return identity;
}

/// Only at a login is the password there to make a hash at today's cost. That it could not be stored is no reason to
/// refuse the login: the next one tries again.
void LocalAuthenticator::renewHash(const Credentials& credentials, const Call& call) noexcept {
  try {
    const HashSlots::Slot slot(slots_, call);
    host_.storeCredential(credentials.username, hash_.make(credentials.password));
    host_.info("the password hash of an account was renewed at today's cost");
  } catch (const std::exception& error) {
    host_.warning(std::string("an outdated password hash was not renewed: ") + error.what());
  }
}

Account LocalAuthenticator::lookup(const LookupRequest& request, Call&) {
  Account account;
  try {
    const StoredCredential stored = find(request.username);
    account.outcome = stored.found ? Outcome::ok : Outcome::defer;
    account.enabled = stored.found && stored.enabled;
  } catch (const Error& error) {
    host_.warning(std::string("an account could not be looked up: ") + error.what());
    account.outcome = Outcome::unavailable;
  }
  return account;
}

// What it needs of the host is asked for with each login; there is nothing else behind it.
Health LocalAuthenticator::health(const HealthRequest&, Call&) {
  Health health;
  health.state = HealthState::ok;
  health.version = std::string("libsodium ") + sodium_version_string();
  return health;
}

None LocalAuthenticator::set_password(const PasswordChange& change, Call& call) {
  if (const std::string why = whyNoPassword(change.password, change.username); !why.empty()) {
    throw Invalid(why, "/password");
  }
  std::string hash;
  {
    const HashSlots::Slot slot(slots_, call);
    hash = hash_.make(change.password);
  }
  host_.storeCredential(change.username, hash);
  return {};
}

}  // namespace testarena
