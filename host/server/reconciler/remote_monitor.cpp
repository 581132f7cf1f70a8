// SPDX-License-Identifier: Apache-2.0
#include "remote_monitor.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace testarena::server {
namespace {

constexpr size_t kLatencies = 15;

int64_t medianOf(const std::deque<int64_t>& values) {
  std::vector<int64_t> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

}  // namespace

void RemoteMonitor::answered() {
  breaker_.succeeded();
  state_.answered_at = clock_.now();
  settle();
}

void RemoteMonitor::answered(std::chrono::microseconds latency) {
  latencies_.push_back(latency.count());
  if (latencies_.size() > kLatencies) latencies_.pop_front();
  state_.latency_us = latency.count();
  state_.latency_median_us = medianOf(latencies_);
  answered();
}

void RemoteMonitor::told(Health health) {
  state_.health = std::move(health);
  settle();
}

std::chrono::milliseconds RemoteMonitor::failed(const std::string& why) {
  const auto pause = breaker_.failed(clock_.steady(), random_);
  noteError(why);
  settle();
  state_.next_try = clock_.now() + pause;
  return pause;
}

void RemoteMonitor::noteError(const std::string& why) {
  state_.last_error = why;
  state_.last_error_at = clock_.now();
}

void RemoteMonitor::settle() {
  auto next = EnvironmentState::ok;
  const auto& health = state_.health;
  state_.message.clear();
  if (breaker_.isOpen()) {
    next = EnvironmentState::unreachable;
    state_.message = state_.last_error;
  } else if (!breaker_.allowsJobs()) {
    next = state_.answered_at ? EnvironmentState::degraded : EnvironmentState::unknown;
    state_.message = state_.last_error;
  } else if (health.state == HealthState::unknown) {
    next = EnvironmentState::unknown;
  } else {
    // It may be well and have something to say: that it runs as root, for one.
    if (health.state != HealthState::ok) next = EnvironmentState::degraded;
    state_.message = health.message;
  }
  if (breaker_.allowsJobs()) state_.next_try.reset();
  if (next == state_.state && state_.since) return;
  state_.state = next;
  state_.since = clock_.now();
}

}  // namespace testarena::server
