// SPDX-License-Identifier: Apache-2.0
#include "stored_credentials.h"

namespace testarena::server {

StoredCredential StoredCredentials::get(const std::string& username, Call& call) {
  const auto found = storage_.get_credential({username}, call);
  return {found.found, found.credential.secret, found.enabled};
}

void StoredCredentials::put(const std::string& username, const std::string& secret, Call& call) {
  storage_.put_credential({username, secret, clock_.now()}, call);
}

}  // namespace testarena::server
