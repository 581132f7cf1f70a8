// SPDX-License-Identifier: Apache-2.0
// What administrators do to accounts from the command line.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

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
  /// `firstPassword` is the file with the password that the administrator `admin` had at first.
  Administration(Accounts& accounts, Sessions& sessions, const Clock& clock, std::filesystem::path firstPassword)
      : accounts_(accounts), sessions_(sessions), clock_(clock), firstPassword_(std::move(firstPassword)) {}

  AdministrationAnswer perform(const AdministrationRequest& request);

 private:
  std::string secretFor(const AdministrationRequest& request);

  Accounts& accounts_;
  Sessions& sessions_;
  const Clock& clock_;
  const std::filesystem::path firstPassword_;
};

}  // namespace testarena::server
