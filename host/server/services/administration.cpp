// SPDX-License-Identifier: Apache-2.0
#include "administration.h"

namespace testarena::server {

AdministrationAnswer Administration::perform(const AdministrationRequest& request) {
  AdministrationAnswer answer;
  try {
    answer.secret = secretFor(request);
    answer.ok = true;
  } catch (const std::exception& error) {
    answer.error = error.what();
  }
  return answer;
}

std::string Administration::secretFor(const AdministrationRequest& request) {
  Audit audit;
  audit.at = clock_.now();
  audit.actor = request.actor;
  audit.subject = "user " + request.name;
  audit.detail = "by the command line";
  if (request.command == "create-user") {
    const auto role = enumValue<Role>(request.role);
    if (!role || *role == Role::unknown) throw Invalid("the role is one of viewer, user, administrator");
    audit.action = "user.create";
    return accounts_.createUser(request.name, *role, audit);
  }
  if (request.command == "reset-password") {
    audit.action = "user.reset_password";
    auto password = accounts_.resetPassword(request.name, audit);
    std::error_code none;
    if (request.name == "admin") std::filesystem::remove(firstPassword_, none);  // it is no longer true
    return password;
  }
  if (request.command == "token") {
    audit.action = "token.create";
    return sessions_.createToken(request.name, "made by the command line", audit);
  }
  throw Invalid("unknown command '" + request.command + "'");
}

}  // namespace testarena::server
