// SPDX-License-Identifier: Apache-2.0
// A host that keeps what plugins log.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include <testarena/host.h>

namespace testarena::test {

class TestHost final : public HostServices {
 public:
  None log(const LogLine& line, Call&) override {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::string(enumName(line.level)) + ": " + line.message);
    return {};
  }
  NowAnswer now(const NowRequest&, Call&) override {
    return {std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())};
  }
  SecretAnswer secret(const SecretRequest& request, Call&) override { throw NotFound("no secret " + request.key); }
  StoredCredential credential_get(const CredentialLookup&, Call&) override { return {}; }
  None credential_put(const CredentialUpdate&, Call&) override { return {}; }
  None metric_add(const MetricSample&, Call&) override { return {}; }
  None metric_set(const MetricSample&, Call&) override { return {}; }

  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;  // protected by mutex_
};

}  // namespace testarena::test
