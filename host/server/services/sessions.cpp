// SPDX-License-Identifier: Apache-2.0
#include "sessions.h"

#include <algorithm>

#include "random.h"
#include "trace.h"

namespace testarena::server {
namespace {

constexpr auto kStorageLimit = std::chrono::seconds(10);
constexpr auto kTrusted = std::chrono::seconds(2);
constexpr auto kTouchEvery = std::chrono::seconds(60);
constexpr size_t kMostEntries = 20'000;
constexpr size_t kTokenLength = 43;  // 256 bits
constexpr size_t kTokenIdLength = 12;
constexpr std::string_view kTokenPrefix = "ta_";

}  // namespace

Sessions::Sessions(Storage& storage, const Clock& clock, SessionLimits limits)
    : storage_(storage), clock_(clock), limits_(limits) {}

NewSession Sessions::begin(const Actor& actor, const std::string& userAgent) {
  NewSession made{randomToken(kTokenLength), randomToken(kTokenLength), ""};
  made.id = sha256Hex(made.token);
  const auto now = clock_.now();
  Session session;
  session.id = made.id;
  session.username = actor.username;
  session.csrf_token = made.csrf_token;
  session.address = actor.address;
  session.user_agent = userAgent.substr(0, 256);
  session.created_at = now;
  session.used_at = now;
  session.expires_at = now + std::min(limits_.idle, limits_.lifetime);
  auto call = callWithin(kStorageLimit);
  storage_.create_session(session, call);
  return made;
}

std::optional<Actor> Sessions::bySession(std::string_view token) {
  const auto id = sha256Hex(token);
  if (auto actor = cached(id)) return actor;
  auto call = callWithin(kStorageLimit);
  const auto found = storage_.get_session({id}, call);
  if (!found.found || found.session.expires_at <= clock_.now()) return std::nullopt;
  touch(found.session);
  const Actor actor{
      found.user.username, found.user.display_name, found.user.role, Proof::session, id, found.session.csrf_token, ""};
  cache(id, actor, found.session.expires_at);
  return actor;
}

bool Sessions::stands(const std::string& id) {
  auto call = callWithin(kStorageLimit);
  const auto found = storage_.get_session({id}, call);
  if (!found.found || found.session.expires_at <= clock_.now()) return false;
  touch(found.session);  // an open page is in use
  return true;
}

void Sessions::touch(const Session& session) {
  const auto now = clock_.now();
  if (now - session.used_at < kTouchEvery) return;
  auto call = callWithin(kStorageLimit);
  storage_.touch_session({session.id, now, std::min(now + limits_.idle, session.created_at + limits_.lifetime)}, call);
}

void Sessions::end(const std::string& id) {
  auto call = callWithin(kStorageLimit);
  storage_.delete_session({id}, call);
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
}

std::string Sessions::createToken(const std::string& username, const std::string& name, const Audit& audit) {
  const auto id = randomToken(kTokenIdLength);
  const auto secret = randomToken(kTokenLength);
  auto call = callWithin(kStorageLimit);
  Token token;
  token.id = id;
  token.digest = sha256Hex(secret);
  token.username = storage_.get_user({username}, call).username;
  token.name = name;
  token.created_at = clock_.now();
  storage_.create_token({token, audit}, call);
  return std::string(kTokenPrefix) + id + "_" + secret;
}

std::optional<Actor> Sessions::byToken(std::string_view token) {
  if (token.substr(0, kTokenPrefix.size()) != kTokenPrefix ||
      token.size() != kTokenPrefix.size() + kTokenIdLength + 1 + kTokenLength ||
      token[kTokenPrefix.size() + kTokenIdLength] != '_') {
    return std::nullopt;
  }
  const auto key = sha256(token);
  if (auto actor = cached(key)) return actor;
  const std::string id(token.substr(kTokenPrefix.size(), kTokenIdLength));
  auto call = callWithin(kStorageLimit);
  const auto found = storage_.get_token({id}, call);
  const auto now = clock_.now();
  if (!found.found || !found.user.enabled || (found.token.expires_at && *found.token.expires_at <= now))
    return std::nullopt;
  if (!constantTimeEqual(found.token.digest, sha256Hex(token.substr(token.size() - kTokenLength)))) return std::nullopt;
  if (!found.token.used_at || now - *found.token.used_at >= kTouchEvery) storage_.touch_token({id, now}, call);
  const Actor actor{found.user.username, found.user.display_name, found.user.role, Proof::token, "", "", ""};
  cache(key, actor, found.token.expires_at.value_or(Time::max()));
  return actor;
}

std::optional<Actor> Sessions::cached(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  if (found->second.until <= clock_.steady() || found->second.expires_at <= clock_.now()) {
    entries_.erase(found);
    return std::nullopt;
  }
  return found->second.actor;
}

void Sessions::cache(const std::string& key, const Actor& actor, Time expiresAt) {
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMostEntries) {
    std::erase_if(entries_, [&](const auto& entry) { return entry.second.until <= now; });
    if (entries_.size() >= kMostEntries) entries_.clear();
  }
  entries_[key] = {actor, now + kTrusted, expiresAt};
}

}  // namespace testarena::server
