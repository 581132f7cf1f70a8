// SPDX-License-Identifier: Apache-2.0
#include "plugin_channel.h"

#include <optional>
#include <utility>

#include "breadcrumb.h"
#include "text.h"

namespace testarena::plugin_host {
namespace {

using std::chrono_literals::operator""s;

struct Deadline {
  std::string_view operation;
  std::chrono::seconds limit;
};

// What the contracts in the interface headers call "soon" is short here; what may fetch or build something is long.
constexpr Deadline kDeadlines[] = {{"health", 5s},  {"capabilities", 10s}, {"authenticate", 10s},
                                   {"lookup", 10s}, {"scan", 120s},        {"submit", 60s},
                                   {"remove", 60s}, {"list", 60s},         {"wait_changes", 60s}};
constexpr std::chrono::seconds kOtherwise = 30s;

std::chrono::milliseconds milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

}  // namespace

std::chrono::milliseconds defaultDeadline(std::string_view operation) {
  for (const Deadline& deadline : kDeadlines) {
    if (deadline.operation == operation) return deadline.limit;
  }
  return kOtherwise;
}

PluginChannel::PluginChannel(Options options, std::shared_ptr<CallMetrics> metrics, std::shared_ptr<Channel> transport)
    : options_(std::move(options)),
      log_(options_.name),
      slots_(options_.max_concurrency, options_.grace),
      metrics_(std::move(metrics)),
      transport_(std::move(transport)) {}

void PluginChannel::call(std::string_view operation, ta_bytes request, Call& call, Receiver& receiver) {
  CallMetrics::Operation& figures = metrics_->operation(operation);
  const bool endless = call.deadline() == Call::Clock::time_point::max();
  const bool traceless = call.traceId().empty() && !currentTrace().empty();
  if (!endless && !traceless) return pass(figures, operation, request, call, receiver);
  // A Call is not changed behind its owner's back: what goes on is one of our own that asks the caller's.
  Call own(endless ? Call::Clock::now() + defaultDeadline(operation) : call.deadline(),
           traceless ? currentTrace() : std::string(call.traceId()), [&call] { return call.cancelled(); });
  pass(figures, operation, request, own, receiver);
}

/// Counts and tells; the call itself is carried below.
void PluginChannel::pass(CallMetrics::Operation& figures, std::string_view operation, ta_bytes request, Call& call,
                         Receiver& receiver) {
  const auto start = Call::Clock::now();
  figures.begin();
  const auto end = [&](Code code) {
    const auto now = Call::Clock::now();
    const bool late = now > call.deadline();
    figures.end(code, now - start, late);
    if (late && now > call.deadline() + options_.grace) {
      log_.warning("{}: came back {} after its deadline", operation,
                   formatDuration(milliseconds(now - call.deadline()).count()));
    }
    return milliseconds(now - start).count();
  };
  try {
    carry(figures, operation, request, call, receiver);
  } catch (const Error& error) {
    const auto took = end(error.code());
    // A bug is the author's to read about, and nobody else may ever see it; all else is told by whoever asked.
    if (error.code() == Code::internal) {
      log_.error("{}: internal error: {}", operation, error.what());
    } else {
      log_.debug("{}: {} after {} ms: {}", operation, enumName(error.code()), took, error.what());
    }
    throw;
  } catch (const std::exception& error) {
    end(Code::internal);
    log_.error("{}: internal error: {}", operation, error.what());
    throw Internal(options_.name + ": " + error.what());
  }
  const auto took = end(Code::ok);
  log_.debug("{}: ok after {} ms", operation, took);
}

void PluginChannel::carry(CallMetrics::Operation& figures, std::string_view operation, ta_bytes request, Call& call,
                          Receiver& receiver) {
  call.check();
  const CallSlots::Slot slot(slots_, operation, call);
  const BreadcrumbScope breadcrumb(options_.name.c_str(), figures.name.c_str());
  // What the plugin logs while it answers belongs to the same request.
  std::optional<TraceScope> trace;
  if (!call.traceId().empty() && call.traceId() != currentTrace()) trace.emplace(call.traceId());
  transport_->call(operation, request, call, receiver);
}

}  // namespace testarena::plugin_host
