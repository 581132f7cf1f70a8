// SPDX-License-Identifier: Apache-2.0
// What administrators do to accounts from the command line.
#pragma once

#include <string>

#include "accounts.h"
#include "clock.h"
#include "sessions.h"

namespace testarena::server {

struct AdministrationRequest {
  std::string command;  ///< create-user, reset-password or token
  std::string name;
  std::string role;   ///< create-user: viewer, user or administrator
  std::string actor;  ///< the account of the operating system, for the audit log
  TA_FIELDS(command, name, role, actor)
};

struct AdministrationAnswer {
  bool ok = false;
  std::string secret;  ///< the new password or token: shown once, stored nowhere
  std::string error;   ///< what was wrong and what to do
  TA_FIELDS(ok, secret, error)
};

/// Threads: any. Does not throw: what goes wrong is in the answer.
class Administration {
 public:
  Administration(Accounts& accounts, Sessions& sessions, const Clock& clock)
      : accounts_(accounts), sessions_(sessions), clock_(clock) {}

  AdministrationAnswer perform(const AdministrationRequest& request);

 private:
  std::string secretFor(const AdministrationRequest& request);

  Accounts& accounts_;
  Sessions& sessions_;
  const Clock& clock_;
};

}  // namespace testarena::server
