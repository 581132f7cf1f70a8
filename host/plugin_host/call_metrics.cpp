// SPDX-License-Identifier: Apache-2.0
#include "call_metrics.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <testarena/enum.h>

namespace testarena::plugin_host {
namespace {

constexpr std::size_t kMostNames = 64;

bool isMetricName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::uint64_t read(const std::atomic<std::uint64_t>& figure) {
  return figure.load(std::memory_order_relaxed);
}

std::string_view help(std::string_view family) {
  if (family == "testarena_plugin_calls_total") return "Calls of plugins that have come back, by how they ended.";
  if (family == "testarena_plugin_calls_late_total") return "Calls of plugins that came back after their deadline.";
  if (family == "testarena_plugin_calls_in_flight") return "Calls of plugins that are inside or wait in line.";
  if (family == "testarena_plugin_call_seconds") return "Time of calls of plugins, with the wait in line.";
  return "A figure of the plugin's own.";
}

}  // namespace

void CallMetrics::Operation::end(Code code, std::chrono::nanoseconds took, bool wasLate) {
  const double seconds = std::chrono::duration<double>(took).count();
  const auto bucket = std::lower_bound(kBuckets.begin(), kBuckets.end(), seconds) - kBuckets.begin();
  calls[static_cast<std::size_t>(code)].fetch_add(1, std::memory_order_relaxed);
  buckets[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  nanoseconds.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
  if (wasLate) late.fetch_add(1, std::memory_order_relaxed);
  in_flight.fetch_sub(1, std::memory_order_relaxed);
}

CallMetrics::Operation& CallMetrics::operation(std::string_view name) {
  const auto found =
      std::find_if(operations_.begin(), operations_.end(), [name](const Operation& one) { return one.name == name; });
  return found != operations_.end() ? *found : operations_.back();
}

CallMetrics::Own& CallMetrics::own(const std::string& name, bool counter) {
  if (!isMetricName(name)) throw Invalid("the name of a metric must match [a-z][a-z0-9_]{0,63}", "/name");
  const auto found = own_.find(name);
  if (found != own_.end()) {
    if (found->second.counter != counter) {
      throw Invalid("'" + name + "' is a " + (counter ? "gauge" : "counter") + ": a metric is one or the other",
                    "/name");
    }
    return found->second;
  }
  if (own_.size() >= kMostNames) throw Exhausted("an instance has at most 64 metrics of its own");
  return own_.emplace(name, Own{0, counter}).first->second;
}

void CallMetrics::add(const std::string& name, double value) {
  if (!std::isfinite(value) || value < 0) throw Invalid("a counter only grows, by finite numbers", "/value");
  const std::lock_guard lock(ownMutex_);
  own(name, true).value += value;
}

void CallMetrics::set(const std::string& name, double value) {
  if (!std::isfinite(value)) throw Invalid("a gauge must be a finite number", "/value");
  const std::lock_guard lock(ownMutex_);
  own(name, false).value = value;
}

void CallMetrics::collect(const std::string& labels, std::vector<Sample>& samples) const {
  for (const Operation& one : operations_) {
    const std::string mine = labels + ",operation=\"" + one.name + '"';
    samples.push_back({"testarena_plugin_calls_in_flight", "gauge", "", mine,
                       std::to_string(one.in_flight.load(std::memory_order_relaxed))});
    std::uint64_t count = 0;
    for (std::size_t code = 0; code < kCodes; ++code) {
      const std::uint64_t calls = read(one.calls[code]);
      if (calls == 0) continue;
      count += calls;
      samples.push_back({"testarena_plugin_calls_total", "counter", "",
                         mine + ",code=\"" + std::string(enumName(static_cast<Code>(code))) + '"',
                         std::to_string(calls)});
    }
    if (count == 0) continue;
    samples.push_back({"testarena_plugin_calls_late_total", "counter", "", mine, std::to_string(read(one.late))});
    std::uint64_t upTo = 0;
    for (std::size_t i = 0; i <= kBuckets.size(); ++i) {
      upTo += read(one.buckets[i]);
      const std::string bound = i < kBuckets.size() ? fmt::format("{}", kBuckets[i]) : "+Inf";
      samples.push_back({"testarena_plugin_call_seconds", "histogram", "_bucket", mine + ",le=\"" + bound + '"',
                         std::to_string(upTo)});
    }
    samples.push_back({"testarena_plugin_call_seconds", "histogram", "_sum", mine,
                       fmt::format("{}", static_cast<double>(read(one.nanoseconds)) / 1e9)});
    // The last bucket's figure, not `count`: read at another moment, it could be smaller than a bucket.
    samples.push_back({"testarena_plugin_call_seconds", "histogram", "_count", mine, std::to_string(upTo)});
  }
  const std::lock_guard lock(ownMutex_);
  for (const auto& [name, figure] : own_) {
    samples.push_back({"testarena_plugin_" + name + (figure.counter ? "_total" : ""),
                       figure.counter ? "counter" : "gauge", "", labels, fmt::format("{}", figure.value)});
  }
}

void writeMetrics(const std::vector<CallMetrics::Sample>& samples, std::string& out) {
  std::vector<const CallMetrics::Sample*> sorted;
  for (const CallMetrics::Sample& sample : samples) sorted.push_back(&sample);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->family < b->family; });
  std::string_view family;
  for (const CallMetrics::Sample* sample : sorted) {
    if (sample->family != family) {
      family = sample->family;
      out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", family, help(family), family, sample->type);
    }
    out += fmt::format("{}{}{{{}}} {}\n", sample->family, sample->ending, sample->labels, sample->value);
  }
}

}  // namespace testarena::plugin_host
