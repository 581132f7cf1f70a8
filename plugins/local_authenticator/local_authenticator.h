// SPDX-License-Identifier: Apache-2.0
// The authenticator for accounts whose passwords this server keeps.
#pragma once

#include <string>

#include <testarena/authenticator.h>
#include <testarena/host.h>
#include <testarena/record.h>

#include "hash_slots.h"
#include "password_hash.h"

namespace testarena {

/// The hashes are with the host, in its storage; this decides about them. An account is this authenticator's own if the
/// host has a hash for it.
class LocalAuthenticator final : public Authenticator {
 public:
  struct Settings {
    TA_NO_FIELDS
  };

  LocalAuthenticator(const Settings& settings, const Host& host);

  /// For tests, which need not take as long.
  LocalAuthenticator(const Host& host, HashCost cost, int hashing, int waiting);

  Identity authenticate(const Credentials& credentials, Call& call) override;
  Account lookup(const LookupRequest& request, Call& call) override;
  Health health(const HealthRequest& request, Call& call) override;
  None set_password(const PasswordChange& change, Call& call) override;

 private:
  StoredCredential find(const std::string& username) const;
  Identity check(const Credentials& credentials, const Call& call);
  void renewHash(const Credentials& credentials, const Call& call) noexcept;

  const Host host_;
  const PasswordHash hash_;
  HashSlots slots_;
};

}  // namespace testarena
