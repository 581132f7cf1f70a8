// SPDX-License-Identifier: Apache-2.0
// Sockets with a limit: libssh's own way of connecting has none for the whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "descriptor.h"

namespace testarena::ssh {

using Clock = std::chrono::steady_clock;

/// Throws whatever there is to throw when it is time to give up: the deadline is over, or nobody wants it any more.
using GiveUp = std::function<void()>;

/// Waits until the descriptor is ready for `events` (of poll) or `limit` is over.
void waitFor(int descriptor, short events, std::chrono::milliseconds limit);

/// A connection to the first address of the host that answers; does not block, and notices a peer that is gone. Asks
/// `giveUp` at least ten times a second, but for the look-up of the name, whose limit is that of the system. Throws
/// Unavailable.
process::Descriptor connectTcp(const std::string& host, int64_t port, const GiveUp& giveUp);

/// A connection to a socket in the file system. Throws Unavailable.
process::Descriptor connectUnix(const std::string& path);

}  // namespace testarena::ssh
