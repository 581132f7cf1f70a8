// SPDX-License-Identifier: Apache-2.0
#include "instance_services.h"

#include <algorithm>
#include <utility>

namespace testarena::plugin_host {
namespace {

LogSeverity severity(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return LogSeverity::debug;
    case LogLevel::info:
      return LogSeverity::info;
    case LogLevel::warning:
      return LogSeverity::warning;
    case LogLevel::unknown:  // a word that a newer SDK has: better too loud than lost
    case LogLevel::error:
      break;
  }
  return LogSeverity::error;
}

}  // namespace

bool LineLimit::pass(Clock::Steady now, std::uint64_t& dropped) {
  const std::lock_guard lock(mutex_);
  const double seconds = last_ == Clock::Steady() ? 0 : std::chrono::duration<double>(now - last_).count();
  last_ = now;
  left_ = std::min(burst_, left_ + std::max(0.0, seconds) * perSecond_);
  if (left_ < 1) {
    ++dropped_;
    return false;
  }
  left_ -= 1;
  dropped = std::exchange(dropped_, 0);
  return true;
}

InstanceServices::InstanceServices(std::string name, const Clock& clock,
                                   std::shared_ptr<const Configuration> configuration,
                                   std::shared_ptr<CallMetrics> metrics, CredentialStore* credentials)
    : log_(std::move(name)),
      clock_(clock),
      configuration_(std::move(configuration)),
      metrics_(std::move(metrics)),
      credentials_(credentials) {}

None InstanceServices::log(const LogLine& line, Call&) {
  const LogSeverity level = severity(line.level);
  std::uint64_t dropped = 0;
  // Lines that are not written anyway must not use up the limit.
  if (!logEnabled(level) || !lines_.pass(clock_.steady(), dropped)) return {};
  if (dropped > 0) log_.warning("{} lines of this plugin were left out: it writes more than 100 a second", dropped);
  log_.write(level, {}, "{}", line.message);
  return {};
}

NowAnswer InstanceServices::now(const NowRequest&, Call&) {
  return {clock_.now()};
}

SecretAnswer InstanceServices::secret(const SecretRequest& request, Call&) {
  return {configuration_->secret(request.key)};
}

StoredCredential InstanceServices::credential_get(const CredentialLookup& request, Call& call) {
  return credentials().get(request.username, call);
}

None InstanceServices::credential_put(const CredentialUpdate& request, Call& call) {
  credentials().put(request.username, request.secret, call);
  return {};
}

None InstanceServices::metric_add(const MetricSample& sample, Call&) {
  metrics_->add(sample.name, sample.value);
  return {};
}

None InstanceServices::metric_set(const MetricSample& sample, Call&) {
  metrics_->set(sample.name, sample.value);
  return {};
}

CredentialStore& InstanceServices::credentials() const {
  if (credentials_ == nullptr) throw Unsupported("the host keeps credentials for authenticators only");
  return *credentials_;
}

}  // namespace testarena::plugin_host
