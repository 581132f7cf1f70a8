// SPDX-License-Identifier: Apache-2.0
// A host for plugins that need one and say nothing to it.
#pragma once

#include <chrono>
#include <memory>

#include <testarena/host.h>

namespace testarena::test {

class QuietHost final : public HostServices {
 public:
  None log(const LogLine&, Call&) override { return {}; }
  NowAnswer now(const NowRequest&, Call&) override {
    return {std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())};
  }
  SecretAnswer secret(const SecretRequest& request, Call&) override { throw NotFound("no secret " + request.key); }
  StoredCredential credential_get(const CredentialLookup&, Call&) override { return {}; }
  None credential_put(const CredentialUpdate&, Call&) override { return {}; }
  None metric_add(const MetricSample&, Call&) override { return {}; }
  None metric_set(const MetricSample&, Call&) override { return {}; }
};

inline Host quietHost() {
  return Host(std::make_shared<QuietHost>());
}

}  // namespace testarena::test
