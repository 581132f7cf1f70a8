// SPDX-License-Identifier: Apache-2.0
// Host: the host's services as a plugin's author uses them.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <testarena/host_services.h>

namespace testarena {
inline namespace v1 {

/// A light handle; copy it into whatever needs it. Valid until the instance's destructor has ended. From any thread.
class Host {
  static constexpr std::chrono::seconds kPatience{10};

  class TableChannel final : public Channel {
   public:
    explicit TableChannel(const ta_host& host) : host_(host) {}
    void call(std::string_view operation, ta_bytes request, Call& call, Receiver& receiver) override {
      callThrough(call, receiver,
                  [&](ta_call* wire) { return host_.call(host_.ctx, toBytes(operation), request, wire); });
    }

   private:
    const ta_host& host_;
  };

  template <class Function>
  static auto ask(Function&& function) {
    Call call(kPatience);
    return function(call);
  }

  template <class Function>
  static void quietly(Function&& function) noexcept {
    try {
      Call call(kPatience);
      function(call);
    } catch (...) {  // NOLINT(bugprone-empty-catch): see log()
    }
  }

 public:
  /// For tests: any HostServices will do, for example a fake that keeps the log lines.
  explicit Host(std::shared_ptr<HostServices> services) : services_(std::move(services)) {}

  /// The host on the other side of the boundary. It borrows `host`.
  explicit Host(const ta_host& host)
      : services_(std::make_shared<HostServicesProxy>(std::make_shared<TableChannel>(host))) {}

  /// Never throws: a line that cannot be written is not worth an operation.
  void log(LogLevel level, std::string_view message) const noexcept {
    quietly([&](Call& call) { services_->log({level, cleanUtf8(message)}, call); });
  }
  void debug(std::string_view message) const noexcept { log(LogLevel::debug, message); }
  void info(std::string_view message) const noexcept { log(LogLevel::info, message); }
  void warning(std::string_view message) const noexcept { log(LogLevel::warning, message); }
  void error(std::string_view message) const noexcept { log(LogLevel::error, message); }

  Time now() const {
    return ask([&](Call& call) { return services_->now({}, call).now; });
  }

  /// NotFound: no such secret is configured.
  std::string secret(const std::string& key) const {
    return ask([&](Call& call) { return services_->secret({key}, call).value; });
  }

  StoredCredential credential(const std::string& username) const {
    return ask([&](Call& call) { return services_->credential_get({username}, call); });
  }
  void storeCredential(const std::string& username, const std::string& secret) const {
    ask([&](Call& call) { return services_->credential_put({username, secret}, call); });
  }

  /// Metrics never throw either.
  void count(const std::string& name, double value = 1) const noexcept {
    quietly([&](Call& call) { services_->metric_add({name, value}, call); });
  }
  void gauge(const std::string& name, double value) const noexcept {
    quietly([&](Call& call) { services_->metric_set({name, value}, call); });
  }

 private:
  std::shared_ptr<HostServices> services_;
};

}  // namespace v1
}  // namespace testarena
