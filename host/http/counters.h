// SPDX-License-Identifier: Apache-2.0
// What the HTTP front counts, for /metrics.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace testarena::http {

/// Why a connection or request was turned away before any handler saw it.
enum class Refusal { malformed, too_large, timed_out, not_implemented, full, crowded_address, slow_reader };
inline constexpr std::size_t kRefusals = 7;
inline constexpr std::array<const char*, kRefusals> kRefusalNames = {
    "malformed", "too_large", "timed_out", "not_implemented", "full", "crowded_address", "slow_reader"};

/// Written by the front, read by anyone at any time. Gauges go up and down, the others only up.
struct Counters {
  using Count = std::atomic<std::uint64_t>;

  Count connections_accepted{0};
  Count connections_open{0};        ///< gauge; event streams are not in it but in `viewers`
  Count connections_incomplete{0};  ///< gauge; head or body has begun and is not complete
  Count requests{0};                ///< handed to a handler
  std::array<Count, 6> answers{};   ///< by first digit of the status; [0] is not used
  std::array<Count, kRefusals> refusals{};
  Count request_bytes{0};
  Count response_bytes{0};
  Count workers{0};       ///< gauge: threads
  Count workers_busy{0};  ///< gauge
  Count queued{0};        ///< gauge: requests that wait for a worker
  Count viewers{0};       ///< gauge: open event streams
  Count viewers_cut{0};   ///< viewers that lagged
  Count events_published{0};
  Count events_sent{0};

  void refused(Refusal reason) { refusals[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed); }
};

}  // namespace testarena::http
