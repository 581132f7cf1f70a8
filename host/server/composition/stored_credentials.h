// SPDX-License-Identifier: Apache-2.0
// What authenticators keep, in the storage.
#pragma once

#include <testarena/storage.h>

#include "clock.h"
#include "credential_store.h"

namespace testarena::server {

class StoredCredentials final : public plugin_host::CredentialStore {
 public:
  StoredCredentials(Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}

  StoredCredential get(const std::string& username, Call& call) override;
  void put(const std::string& username, const std::string& secret, Call& call) override;

 private:
  Storage& storage_;
  const Clock& clock_;
};

}  // namespace testarena::server
