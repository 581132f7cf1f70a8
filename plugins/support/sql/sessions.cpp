// SPDX-License-Identifier: Apache-2.0
#include "sessions.h"

#include "audit_log.h"
#include "names.h"
#include "people.h"

namespace testarena::sql {
namespace {

constexpr Query kUserEnabled{"user_enabled", "SELECT enabled FROM users WHERE name = ?1"};
constexpr Query kCreateSession{
    "create_session",
    R"(INSERT INTO sessions (id, user_name, csrf_token, address, user_agent, created_at, used_at,
                                                        expires_at)
                                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING RETURNING id)"};
constexpr Query kGetSession{"get_session",
                            "SELECT sessions.id, users.username, csrf_token, address, user_agent, sessions.created_at, "
                            "used_at, expires_at, " USER_COLUMNS
                            " FROM sessions JOIN users ON users.name = sessions.user_name "
                            "WHERE sessions.id = ?1 AND users.enabled = 1",
                            Path::hot};
constexpr Query kTouchSession{"touch_session", "UPDATE sessions SET used_at = ?2, expires_at = ?3 WHERE id = ?1",
                              Path::hot};
constexpr Query kDeleteSession{"delete_session", "DELETE FROM sessions WHERE id = ?1"};
constexpr Query kDeleteSessionsOf{"delete_sessions_of", "DELETE FROM sessions WHERE user_name = ?1"};
constexpr Query kExpireSessions{"expire_sessions", "DELETE FROM sessions WHERE expires_at <= ?1"};
constexpr Query kForgetKeys{"forget_idempotency_keys", "DELETE FROM idempotency_keys WHERE used_at < ?1"};

constexpr Query kCreateToken{"create_token",
                             R"(INSERT INTO tokens (id, digest, user_name, name, created_at, expires_at, used_at)
                                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING RETURNING id)"};
constexpr Query kGetToken{
    "get_token",
    "SELECT tokens.id, digest, users.username, tokens.name, tokens.created_at, expires_at, used_at, " USER_COLUMNS
    " FROM tokens JOIN users ON users.name = tokens.user_name "
    "WHERE tokens.id = ?1 AND users.enabled = 1",
    Path::hot};
constexpr Query kTouchToken{"touch_token", "UPDATE tokens SET used_at = ?2 WHERE id = ?1", Path::hot};
constexpr Query kListTokens{"list_tokens",
                            R"(SELECT id, digest, users.username, tokens.name, tokens.created_at, expires_at, used_at
                               FROM tokens JOIN users ON users.name = tokens.user_name
                               WHERE tokens.user_name = ?1 ORDER BY tokens.created_at, id)"};
constexpr Query kDeleteToken{"delete_token", "DELETE FROM tokens WHERE id = ?1 AND user_name = ?2 RETURNING id"};

struct SessionOfUser {
  Session session;
  User user;
  TA_FIELDS(session, user)
};

struct TokenOfUser {
  Token token;
  User user;
  TA_FIELDS(token, user)
};

}  // namespace

void createSession(Connection& connection, const Session& session) {
  const std::string key = nameKey(session.username);
  const auto enabled = connection.one<bool>(kUserEnabled, key);
  if (!enabled) throwNoSuchUser(session.username);
  // Else a log-in that overlaps the disabling would leave a session that lives again when the user is enabled.
  if (!*enabled) throw WrongState("the user " + session.username + " is disabled");
  if (!connection.one<std::string>(kCreateSession, session.id, key, session.csrf_token, session.address,
                                   session.user_agent, session.created_at, session.used_at, session.expires_at)) {
    throw Conflict("there is a session with this id already");
  }
}

FoundSession getSession(Connection& connection, const SessionRequest& request) {
  auto found = connection.one<SessionOfUser>(kGetSession, request.id);
  if (!found) return {};
  return {true, std::move(found->session), std::move(found->user)};
}

void touchSession(Connection& connection, const SessionUse& use) {
  connection.run(kTouchSession, use.id, use.used_at, use.expires_at);
}

void deleteSession(Connection& connection, const SessionRequest& request) {
  connection.run(kDeleteSession, request.id);
}

void endSessionsOf(Connection& connection, const std::string& key) {
  connection.run(kDeleteSessionsOf, key);
}

void createToken(Connection& connection, const TokenChange& change) {
  const Token& token = change.token;
  const std::string key = nameKey(token.username);
  if (!connection.one<bool>(kUserEnabled, key)) throwNoSuchUser(token.username);
  if (!connection.one<std::string>(kCreateToken, token.id, token.digest, key, token.name, token.created_at,
                                   token.expires_at, token.used_at)) {
    throw Conflict("there is a token with this id already");
  }
  appendAudit(connection, change.audit);
}

FoundToken getToken(Connection& connection, const TokenRequest& request) {
  auto found = connection.one<TokenOfUser>(kGetToken, request.id);
  if (!found) return {};
  return {true, std::move(found->token), std::move(found->user)};
}

void touchToken(Connection& connection, const TokenUse& use) {
  connection.run(kTouchToken, use.id, use.used_at);
}

Tokens listTokens(Connection& connection, const UserRequest& request) {
  return {connection.all<Token>(kListTokens, nameKey(request.username))};
}

void deleteToken(Connection& connection, const TokenChange& change) {
  const Token& token = change.token;
  if (!connection.one<std::string>(kDeleteToken, token.id, nameKey(token.username))) {
    throw NotFound("the user " + token.username + " has no token " + token.id);
  }
  appendAudit(connection, change.audit);
}

void tidy(Connection& connection, const Housekeeping& housekeeping) {
  connection.run(kExpireSessions, housekeeping.now);
  connection.run(kForgetKeys, housekeeping.forget_keys_before);
}

void throwNoSuchUser(const std::string& username) {
  throw NotFound("there is no user " + username);
}

const std::vector<const Query*>& sessionQueries() {
  static const std::vector<const Query*> queries{&kUserEnabled,   &kCreateSession,    &kGetSession,     &kTouchSession,
                                                 &kDeleteSession, &kDeleteSessionsOf, &kExpireSessions, &kForgetKeys,
                                                 &kCreateToken,   &kGetToken,         &kTouchToken,     &kListTokens,
                                                 &kDeleteToken};
  return queries;
}

}  // namespace testarena::sql
