// SPDX-License-Identifier: Apache-2.0
#include "people.h"

#include "audit_log.h"
#include "names.h"
#include "paging.h"
#include "sessions.h"

namespace testarena::sql {
namespace {

constexpr Query kCreate{"create_user",
                        R"(INSERT INTO users (name, username, display_name, mail, role, source, enabled, created_at,
                                              last_login_at)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (name) DO NOTHING RETURNING name)"};
constexpr Query kUpdate{"update_user",
                        R"(UPDATE users SET display_name = ?2, mail = ?3, role = ?4, source = ?5, enabled = ?6,
                                            last_login_at = ?7
                           WHERE name = ?1 RETURNING name)"};
constexpr Query kGet{"get_user", "SELECT " USER_COLUMNS " FROM users WHERE name = ?1"};
constexpr Query kList{"list_users", "SELECT " USER_COLUMNS " FROM users WHERE name > ?1 ORDER BY name LIMIT ?2"};
constexpr Query kPutCredential{"put_credential",
                               R"(INSERT INTO credentials (user_name, secret, changed_at)
                                  SELECT name, ?2, ?3 FROM users WHERE name = ?1
                                  ON CONFLICT (user_name) DO UPDATE
                                  SET secret = excluded.secret, changed_at = excluded.changed_at
                                  RETURNING user_name)"};
constexpr Query kGetCredential{"get_credential",
                               R"(SELECT users.enabled, users.username, secret, changed_at
                                  FROM credentials JOIN users ON users.name = credentials.user_name
                                  WHERE credentials.user_name = ?1)"};

struct StoredSecret {
  bool enabled = false;
  Credential credential;
  TA_FIELDS(enabled, credential)
};

void checkRole(const User& user) {
  if (user.role == Role::unknown) throw Invalid("the role must be viewer, user or administrator", "/user/role");
  if (user.username.empty()) throw Invalid("the user name is empty", "/user/username");
}

}  // namespace

void createUser(Connection& connection, const UserChange& change) {
  checkRole(change.user);
  if (!connection.one<std::string>(kCreate, nameKey(change.user.username), change.user)) {
    throw Conflict("the user name is taken: " + change.user.username);
  }
  appendAudit(connection, change.audit);
}

void updateUser(Connection& connection, const UserChange& change) {
  const User& user = change.user;
  checkRole(user);
  const std::string key = nameKey(user.username);
  if (!connection.one<std::string>(kUpdate, key, user.display_name, user.mail, user.role, user.source, user.enabled,
                                   user.last_login_at)) {
    throwNoSuchUser(user.username);
  }
  if (!user.enabled) endSessionsOf(connection, key);
  appendAudit(connection, change.audit);
}

User getUser(Connection& connection, const UserRequest& request) {
  auto user = connection.one<User>(kGet, nameKey(request.username));
  if (!user) throwNoSuchUser(request.username);
  return *std::move(user);
}

Users listUsers(Connection& connection, const UsersRequest& request) {
  checkLimit(request.limit, 1000);
  Users page;
  page.users = connection.all<User>(kList, nameKey(request.after), request.limit + 1);
  if (takeSurplus(page.users, request.limit)) page.next = page.users.back().username;
  return page;
}

void putCredential(Connection& connection, const Credential& credential) {
  const std::string key = nameKey(credential.username);
  if (!connection.one<std::string>(kPutCredential, key, credential.secret, credential.changed_at)) {
    throwNoSuchUser(credential.username);
  }
  endSessionsOf(connection, key);
}

FoundCredential getCredential(Connection& connection, const UserRequest& request) {
  const auto stored = connection.one<StoredSecret>(kGetCredential, nameKey(request.username));
  if (!stored) return {};
  return {true, stored->enabled, stored->credential};
}

const std::vector<const Query*>& peopleQueries() {
  static const std::vector<const Query*> queries{&kCreate, &kUpdate, &kGet, &kList, &kPutCredential, &kGetCredential};
  return queries;
}

}  // namespace testarena::sql
