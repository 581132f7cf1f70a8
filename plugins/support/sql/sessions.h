// SPDX-License-Identifier: Apache-2.0
// Sessions and tokens: what a request shows instead of a password. Asked for on every request, hence hot.
#pragma once

#include <string>

#include <testarena/storage.h>

#include "connection.h"

namespace testarena::sql {

void createSession(Connection& connection, const Session& session);
FoundSession getSession(Connection& connection, const SessionRequest& request);
void touchSession(Connection& connection, const SessionUse& use);
void deleteSession(Connection& connection, const SessionRequest& request);
/// `key` as of nameKey().
void endSessionsOf(Connection& connection, const std::string& key);

void createToken(Connection& connection, const TokenChange& change);
FoundToken getToken(Connection& connection, const TokenRequest& request);
void touchToken(Connection& connection, const TokenUse& use);
Tokens listTokens(Connection& connection, const UserRequest& request);
void deleteToken(Connection& connection, const TokenChange& change);

/// Deletes expired sessions and forgotten idempotency keys.
void tidy(Connection& connection, const Housekeeping& housekeeping);

[[noreturn]] void throwNoSuchUser(const std::string& username);

const std::vector<const Query*>& sessionQueries();

}  // namespace testarena::sql
