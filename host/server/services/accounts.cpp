// SPDX-License-Identifier: Apache-2.0
#include "accounts.h"

#include <algorithm>
#include <utility>

#include "text.h"
#include "trace.h"

namespace testarena::server {
namespace {

constexpr auto kAuthenticatorLimit = std::chrono::seconds(10);
constexpr auto kStorageLimit = std::chrono::seconds(10);
constexpr auto kRememberedFor = std::chrono::seconds(60);
constexpr size_t kMostRemembered = 10'000;
constexpr size_t kMostUsername = 256;
constexpr size_t kMostPassword = 1024;
constexpr size_t kPasswordLength = 24;

bool isUsable(const std::string& username, const std::string& password) {
  auto plain = [](unsigned char c) { return c >= 0x20 && c != 0x7f; };
  return !username.empty() && username.size() <= kMostUsername && isUtf8(username) &&
         std::all_of(username.begin(), username.end(), plain) && !password.empty() &&
         password.size() <= kMostPassword && password.find('\0') == std::string::npos;
}

/// What a new account may be called: it stands in addresses, logs and on the page.
void checkNewName(const std::string& username) {
  auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-' || c == '@'; };
  if (username.empty() || username.size() > 64 || !std::all_of(username.begin(), username.end(), allowed) ||
      username.front() == '-') {
    throw Invalid("a user name is made of 1 to 64 letters, digits, '.', '_', '-' or '@' and does not begin with '-'",
                  "/username");
  }
}

Actor actorOf(const User& user, const std::string& address) {
  return {user.username, user.display_name, user.role, Proof::password, "", "", address};
}

}  // namespace

Accounts::Accounts(Storage& storage, std::vector<AuthenticatorLink> chain, const Clock& clock)
    : storage_(storage), chain_(std::move(chain)), clock_(clock), failedLogins_(clock) {}

Actor Accounts::checkPassword(const std::string& username, const std::string& password, const std::string& address) {
  if (auto actor = remembered(username, password)) {
    actor->address = address;
    return *actor;
  }
  if (const auto wait = failedLogins_.mustWait(username, address)) throw TooManyLogins(*wait);
  if (!isUsable(username, password)) {
    failedLogins_.failed(username, address);
    throw WrongPassword();
  }
  std::string plugin;
  const auto identity = askChain({username, password, address}, plugin);
  if (identity.outcome == Outcome::ok) {
    const auto user = record(identity, plugin);
    if (user.enabled) {
      failedLogins_.succeeded(username, address);
      const auto actor = actorOf(user, address);
      remember(username, password, actor);
      return actor;
    }
  }
  failedLogins_.failed(username, address);
  log_.info("login of {} from {} refused: {}", username, address,
            identity.reason.empty() ? "no authenticator knows the account" : identity.reason);
  throw WrongPassword();
}

Identity Accounts::askChain(const Credentials& credentials, std::string& plugin) {
  std::string unavailable;
  for (const auto& link : chain_) {
    Identity identity;
    try {
      auto call = callWithin(kAuthenticatorLimit);
      identity = link.authenticator->authenticate(credentials, call);
    } catch (const std::exception& error) {
      identity.outcome = Outcome::unavailable;
      identity.reason = error.what();
    }
    if (identity.outcome == Outcome::ok || identity.outcome == Outcome::denied) {
      plugin = link.plugin;
      return identity;
    }
    if (identity.outcome == Outcome::unavailable || identity.outcome == Outcome::unknown) {
      log_.warning("{}: could not be asked about {}: {}", link.plugin, credentials.username, identity.reason);
      unavailable = link.plugin;
    }
  }
  if (!unavailable.empty())
    throw Unavailable("the login service (" + unavailable + ") cannot be reached; try again soon");
  return {};
}

User Accounts::record(const Identity& identity, const std::string& plugin) {
  const auto now = clock_.now();
  const auto told = enumValue<Role>(identity.role);
  auto call = callWithin(kStorageLimit);
  User user;
  bool known = true;
  try {
    user = storage_.get_user({identity.username}, call);
  } catch (const NotFound&) {
    known = false;
    user.username = identity.username;
    user.created_at = now;
    user.source = plugin;
  }
  if (told && *told != Role::unknown) user.role = *told;
  if (!identity.display_name.empty()) user.display_name = identity.display_name;
  if (!identity.mail.empty()) user.mail = identity.mail;
  user.last_login_at = now;
  const Audit audit{now, user.username, "", known ? "user.login" : "user.create", "user " + user.username, plugin};
  if (known) {
    if (user.enabled) storage_.update_user({user, audit}, call);
  } else {
    storage_.create_user({user, audit}, call);
  }
  return user;
}

std::optional<Actor> Accounts::remembered(const std::string& username, const std::string& password) {
  const auto digest = keyedHash_(username, password);
  const std::lock_guard lock(mutex_);
  const auto found = remembered_.find(username);
  if (found == remembered_.end() || found->second.until <= clock_.steady()) return std::nullopt;
  if (!constantTimeEqual(found->second.digest, digest)) return std::nullopt;
  return found->second.actor;
}

void Accounts::remember(const std::string& username, const std::string& password, const Actor& actor) {
  auto digest = keyedHash_(username, password);
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (remembered_.size() >= kMostRemembered) {
    std::erase_if(remembered_, [&](const auto& entry) { return entry.second.until <= now; });
    if (remembered_.size() >= kMostRemembered) remembered_.clear();
  }
  remembered_[username] = {std::move(digest), actor, now + kRememberedFor};
}

void Accounts::forget(std::string_view username) {
  const std::lock_guard lock(mutex_);
  std::erase_if(remembered_, [&](const auto& entry) { return entry.second.actor.username == username; });
}

std::string Accounts::createUser(const std::string& username, Role role, const Audit& audit) {
  checkNewName(username);
  User user;
  user.username = username;
  user.role = role;
  user.created_at = clock_.now();
  user.source = chain_.empty() ? "" : chain_.front().plugin;
  auto call = callWithin(kStorageLimit);
  storage_.create_user({user, audit}, call);
  auto password = randomToken(kPasswordLength);
  setPassword(username, password);
  return password;
}

std::string Accounts::resetPassword(const std::string& username, const Audit& audit) {
  auto call = callWithin(kStorageLimit);
  const auto user = storage_.get_user({username}, call);
  auto password = randomToken(kPasswordLength);
  setPassword(user.username, password);
  storage_.append_audit(audit, call);
  return password;
}

void Accounts::setPassword(const std::string& username, const std::string& password) {
  for (const auto& link : chain_) {
    try {
      auto call = callWithin(kAuthenticatorLimit);
      link.authenticator->set_password({username, password}, call);
      forget(username);
      return;
    } catch (const Unsupported&) {
      continue;
    }
  }
  throw Unsupported(
      "no configured authenticator keeps passwords; add [[authenticator]] plugin = \"local_authenticator\"");
}

}  // namespace testarena::server
