// SPDX-License-Identifier: Apache-2.0
// The choke point: every call of every plugin passes here.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <testarena/channel.h>

#include "call_metrics.h"
#include "call_slots.h"
#include "log.h"

namespace testarena::plugin_host {

/// How long an operation may take when its caller set no deadline.
std::chrono::milliseconds defaultDeadline(std::string_view operation);

/// The way to one instance of a plugin. Each call gets its deadline, its trace id, its turn, its figures and its line
/// in the log here, and nothing but an Error leaves. Any thread.
///
/// A plugin in this process cannot be stopped. A call that does not come back keeps its slot; when all slots are lost
/// that way the instance is stuck, and further calls are refused at once instead of being lost too.
class PluginChannel final : public Channel {
 public:
  struct Options {
    std::string name;       ///< of the instance, for people: "executor lab-1"
    std::string interface;  ///< "executor/1"
    std::int64_t max_concurrency = 1;
    std::chrono::milliseconds grace{1000};  ///< how long after its deadline a call is not yet called overdue
  };

  /// `transport` carries the calls: into this process or into a child.
  template <class Names>
  PluginChannel(Options options, const Names& operations, std::shared_ptr<Channel> transport)
      : PluginChannel(std::move(options), std::make_shared<CallMetrics>(operations), std::move(transport)) {}
  PluginChannel(Options options, std::shared_ptr<CallMetrics> metrics, std::shared_ptr<Channel> transport);

  void call(std::string_view operation, ta_bytes request, Call& call, Receiver& receiver) override;

  const std::string& name() const { return options_.name; }
  const std::string& interface() const { return options_.interface; }
  CallMetrics& metrics() { return *metrics_; }

  /// Calls that are overdue now, if there are any.
  std::optional<CallSlots::Overdue> overdue() const { return slots_.overdue(); }

 private:
  void pass(CallMetrics::Operation& figures, std::string_view operation, ta_bytes request, Call& call,
            Receiver& receiver);
  void carry(CallMetrics::Operation& figures, std::string_view operation, ta_bytes request, Call& call,
             Receiver& receiver);

  const Options options_;
  const Logger log_;
  CallSlots slots_;
  std::shared_ptr<CallMetrics> metrics_;  // shared with the host services of the instance
  std::shared_ptr<Channel> transport_;
};

}  // namespace testarena::plugin_host
