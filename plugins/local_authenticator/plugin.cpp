// SPDX-License-Identifier: Apache-2.0
#include <testarena/plugin.h>

#include "local_authenticator.h"

// As many at once as hash and wait for it, and some that only look up.
constexpr char kManifest[] = R"({
  "name": "local_authenticator", "version": "1.0.0",
  "description": "Accounts whose passwords this server keeps, as argon2id hashes",
  "interfaces": [{
    "id": "authenticator/1",
    "max_concurrency": 48,
    "config": {"type": "object", "additionalProperties": false, "properties": {}}}]
})";
TESTARENA_PLUGIN(kManifest, TA_OFFER(testarena::Authenticator, testarena::LocalAuthenticator))
