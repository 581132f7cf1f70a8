// SPDX-License-Identifier: Apache-2.0
// The host's services as one instance of a plugin sees them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include <testarena/host_services.h>

#include "call_metrics.h"
#include "clock.h"
#include "configuration.h"
#include "credential_store.h"
#include "log.h"

namespace testarena::plugin_host {

/// Lets through `burst` lines at once and `perSecond` in the long run. Any thread.
class LineLimit {
 public:
  LineLimit(double perSecond, double burst) : perSecond_(perSecond), burst_(burst), left_(burst) {}

  /// Whether one more line may pass at `now`. If so, `dropped` is how many did not since the last one that did.
  bool pass(Clock::Steady now, std::uint64_t& dropped);

 private:
  const double perSecond_;
  const double burst_;

  std::mutex mutex_;
  // Protected by mutex_.
  double left_;
  Clock::Steady last_{};
  std::uint64_t dropped_ = 0;
};

/// Never calls back into the plugin, and holds no lock while it writes or asks. Any thread.
class InstanceServices final : public HostServices {
 public:
  /// `credentials` may be null: then this instance has none. All others live longer than the instance.
  InstanceServices(std::string name, const Clock& clock, std::shared_ptr<const Configuration> configuration,
                   std::shared_ptr<CallMetrics> metrics, CredentialStore* credentials);

  None log(const LogLine& line, Call& call) override;
  NowAnswer now(const NowRequest& request, Call& call) override;
  SecretAnswer secret(const SecretRequest& request, Call& call) override;
  StoredCredential credential_get(const CredentialLookup& request, Call& call) override;
  None credential_put(const CredentialUpdate& request, Call& call) override;
  None metric_add(const MetricSample& sample, Call& call) override;
  None metric_set(const MetricSample& sample, Call& call) override;

 private:
  CredentialStore& credentials() const;

  const Logger log_;
  const Clock& clock_;
  const std::shared_ptr<const Configuration> configuration_;
  const std::shared_ptr<CallMetrics> metrics_;
  CredentialStore* const credentials_;
  LineLimit lines_{100, 500};
};

}  // namespace testarena::plugin_host
