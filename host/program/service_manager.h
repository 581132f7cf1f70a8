// SPDX-License-Identifier: Apache-2.0
// Tells systemd how the service is (sd_notify); does nothing where nobody asked to be told.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace testarena {

/// `READY=1`, `STOPPING=1`, `WATCHDOG=1`, `STATUS=...`: see sd_notify(3).
void notifyServiceManager(std::string_view state);

/// How often it wants to hear `WATCHDOG=1`; half of what it allows.
std::optional<std::chrono::microseconds> watchdogInterval();

}  // namespace testarena
