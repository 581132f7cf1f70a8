// SPDX-License-Identifier: Apache-2.0
// Who acts.
#pragma once

#include <string>

#include <testarena/storage.h>

namespace testarena::server {

/// How somebody proved who they are.
enum class Proof { none, session, token, password };

/// The person behind a request. Constant while the request is served.
struct Actor {
  std::string username;
  std::string display_name;
  Role role = Role::unknown;
  Proof proof = Proof::none;
  std::string session_id;  ///< of a session
  std::string csrf_token;  ///< of a session
  std::string address;     ///< of the client

  bool isAdministrator() const { return role == Role::administrator; }
  bool atLeast(Role wanted) const { return static_cast<int>(role) >= static_cast<int>(wanted); }
};
static_assert(Role::viewer < Role::user && Role::user < Role::administrator, "roles are ordered by what they may do");

}  // namespace testarena::server
