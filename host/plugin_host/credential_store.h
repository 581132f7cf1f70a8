// SPDX-License-Identifier: Apache-2.0
// What an authenticator keeps for an account, as the host stores it.
#pragma once

#include <string>

#include <testarena/call.h>
#include <testarena/host_services.h>

namespace testarena::plugin_host {

/// The server implements it over its storage. Threads: any.
class CredentialStore {
 public:
  virtual ~CredentialStore() = default;

  /// An account that is not known is an answer: `found` is false.
  virtual StoredCredential get(const std::string& username, Call& call) = 0;

  /// `NotFound`: no such account.
  virtual void put(const std::string& username, const std::string& secret, Call& call) = 0;
};

}  // namespace testarena::plugin_host
