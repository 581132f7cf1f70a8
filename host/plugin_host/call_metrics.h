// SPDX-License-Identifier: Apache-2.0
// Figures of one instance: its calls by operation, and what the plugin itself counts.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <testarena/error.h>

namespace testarena::plugin_host {

/// Any thread. Counting takes no lock.
class CallMetrics {
 public:
  static constexpr std::size_t kCodes = static_cast<std::size_t>(Code::internal) + 1;
  /// Upper bounds in seconds; one more bucket has no bound.
  static constexpr std::array<double, 11> kBuckets = {0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60};

  struct Operation {
    explicit Operation(std::string operation) : name(std::move(operation)) {}

    void begin() { in_flight.fetch_add(1, std::memory_order_relaxed); }
    void end(Code code, std::chrono::nanoseconds took, bool late);

    const std::string name;
    std::array<std::atomic<std::uint64_t>, kCodes> calls{};
    std::array<std::atomic<std::uint64_t>, kBuckets.size() + 1> buckets{};
    std::atomic<std::uint64_t> nanoseconds{0};
    std::atomic<std::uint64_t> late{0};  ///< came back after their deadline
    std::atomic<std::int64_t> in_flight{0};
  };

  /// With an entry for each of the interface's operations; calls of others count as "other".
  template <class Names>
  explicit CallMetrics(const Names& operations) {
    for (const auto& name : operations) operations_.emplace_back(std::string(name));
    operations_.emplace_back("other");
  }

  Operation& operation(std::string_view name);

  /// A figure of the plugin's own. `Invalid`: the name is none, or these are more names than make sense.
  void add(const std::string& name, double value);
  void set(const std::string& name, double value);

  /// One line of Prometheus' text form. Its family is what a TYPE line names: a histogram's lines have the family's
  /// name and an ending.
  struct Sample {
    std::string family;
    std::string type;    ///< counter, gauge or histogram
    std::string ending;  ///< "", "_bucket", "_sum", "_count"
    std::string labels;  ///< `instance="executor lab-1",operation="submit"`
    std::string value;
  };
  /// Appends all that has been counted; `labels` are put before the samples' own.
  void collect(const std::string& labels, std::vector<Sample>& samples) const;

 private:
  struct Own {
    double value = 0;
    bool counter = true;
  };
  Own& own(const std::string& name, bool counter);  // with ownMutex_ held

  std::deque<Operation> operations_;  // constant after construction but for the figures; a deque keeps atomics in place

  mutable std::mutex ownMutex_;
  std::map<std::string, Own> own_;  // protected by ownMutex_
};

/// Samples of any number of instances as one text, each metric's lines together under its TYPE and HELP.
void writeMetrics(const std::vector<CallMetrics::Sample>& samples, std::string& out);

}  // namespace testarena::plugin_host
