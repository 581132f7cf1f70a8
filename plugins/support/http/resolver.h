// SPDX-License-Identifier: Apache-2.0
// Names of hosts to addresses, in the time there is.
#pragma once

#include <cstdint>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "patience.h"

namespace Poco::Net {
class SocketAddress;
}

namespace testarena::http {

/// The system's resolver can neither be interrupted nor given a deadline: each look-up has a thread of its own, and one
/// that takes too long is left behind. The destructor waits for those; the resolver gives up by itself at some time.
///
/// Threads: any.
class Resolver {
 public:
  /// All addresses in the order in which they are to be tried; never empty. Throws Unavailable, DeadlineExceeded,
  /// Cancelled. An IP address is answered at once.
  std::vector<Poco::Net::SocketAddress> resolve(const std::string& host, std::uint16_t port, const Patience& patience);

 private:
  struct Found;

  std::mutex mutex_;
  std::vector<std::future<void>> leftBehind_;  // protected by mutex_
};

}  // namespace testarena::http
