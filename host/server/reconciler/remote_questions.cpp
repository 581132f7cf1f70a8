// SPDX-License-Identifier: Apache-2.0
// Reconciler: how the remote is. Only what is asked of it as a whole decides that; a call for one job that is not
// answered makes the remote be asked, and delays that job alone.
#include <tuple>

#include "reconciler.h"
#include "text.h"
#include "trace.h"

namespace testarena::server {
namespace {
constexpr auto kHealthLimit = std::chrono::seconds(2);
}

bool isSilence(const std::exception& error) {
  const auto* known = dynamic_cast<const Error*>(&error);
  return known != nullptr && (known->code() == Code::unavailable || known->code() == Code::deadline_exceeded);
}

Reconciler::Doubt Reconciler::askRemote() {
  const auto& breaker = monitor_.breaker();
  if (!breaker.allowsQuestion(clock_.steady())) return Doubt::none;
  const bool isProbe = breaker.isOpen();
  if (!capabilities() && !askCapabilities()) return Doubt::none;
  const bool mustKnow = suspicious_ || !breaker.allowsJobs();
  suspicious_ = false;
  if (!mustKnow && clock_.steady() < healthDue_) return Doubt::none;
  const bool answered = askHealth();
  return !breaker.allowsJobs() && (answered || isProbe) ? Doubt::remains : Doubt::none;
}

bool Reconciler::askCapabilities() {
  try {
    auto limit = call();
    const auto answer = executor_.capabilities({}, limit);
    const std::lock_guard lock(mutex_);
    capabilities_ = answer;
    return true;
  } catch (const std::exception& error) {
    remoteFailed(error.what());
    return false;
  }
}

bool Reconciler::askHealth() {
  healthDue_ = clock_.steady() + options_.health_every;
  const auto begin = clock_.steady();
  try {
    auto limit = callWithin(kHealthLimit);
    auto answer = executor_.health({}, limit);
    const bool isDown = answer.state == HealthState::down;
    const auto message = answer.message;
    monitor_.told(std::move(answer));
    // Some executors answer for a remote that they cannot reach.
    if (isDown) {
      remoteFailed(message.empty() ? "the executor says that it is down" : message);
    } else {
      remoteAnswered(std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - begin));
    }
    return true;
  } catch (const std::exception& error) {
    remoteFailed(error.what());
    return false;
  }
}

bool Reconciler::mayCallForJobs() const {
  return monitor_.breaker().allowsJobs() && capabilities().has_value();
}

void Reconciler::remoteAnswered() {
  const bool wasOpen = monitor_.breaker().isOpen();
  monitor_.answered();
  if (wasOpen) log_.info("the executor answers again");
  showRemote();
}

void Reconciler::remoteAnswered(std::chrono::microseconds latency) {
  const bool wasOpen = monitor_.breaker().isOpen();
  monitor_.answered(latency);
  if (wasOpen) log_.info("the executor answers again");
  showRemote();
}

std::chrono::milliseconds Reconciler::remoteFailed(const std::string& why) {
  const bool wasOpen = monitor_.breaker().isOpen();
  const auto pause = monitor_.failed(why);
  if (!wasOpen && monitor_.breaker().isOpen()) {
    log_.warning("the executor does not answer: {}; its jobs wait, it is asked again in {}", why,
                 formatDuration(pause.count()));
  }
  showRemote();
  return pause;
}

void Reconciler::showRemote() {
  const auto& now = monitor_.state();
  const auto load = [](const Health& health) { return std::tuple(health.slots, health.slots_used, health.queued); };
  const std::lock_guard lock(mutex_);
  if (now.state != remote_.state || now.message != remote_.message || now.next_try != remote_.next_try ||
      load(now.health) != load(remote_.health)) {
    newsForViewers_ = true;
    ++generation_;
  }
  remote_ = now;
}

void Reconciler::tellViewers() {
  if (!newsForViewers_) return;
  newsForViewers_ = false;
  events_.environmentChanged(options_.environment);
}

RemoteState Reconciler::remote() const {
  const std::lock_guard lock(mutex_);
  return remote_;
}

Health Reconciler::health() const {
  const auto known = remote();
  auto health = known.health;
  if (known.state == EnvironmentState::unreachable) {
    health.state = HealthState::down;
    health.message = known.message;
  }
  return health;
}

std::optional<ExecutorCapabilities> Reconciler::capabilities() const {
  const std::lock_guard lock(mutex_);
  return capabilities_;
}

}  // namespace testarena::server
