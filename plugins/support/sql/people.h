// SPDX-License-Identifier: Apache-2.0
// Users and their credentials. What each operation does is said at testarena::Storage.
#pragma once

#include <testarena/storage.h>

#include "connection.h"

namespace testarena::sql {

/// The columns of User; the table `users` must be in the FROM of the statement.
#define USER_COLUMNS                                                                                            \
  "users.username, users.display_name, users.mail, users.role, users.source, users.enabled, users.created_at, " \
  "users.last_login_at"

void createUser(Connection& connection, const UserChange& change);
void updateUser(Connection& connection, const UserChange& change);
User getUser(Connection& connection, const UserRequest& request);
Users listUsers(Connection& connection, const UsersRequest& request);
void putCredential(Connection& connection, const Credential& credential);
FoundCredential getCredential(Connection& connection, const UserRequest& request);

const std::vector<const Query*>& peopleQueries();

}  // namespace testarena::sql
