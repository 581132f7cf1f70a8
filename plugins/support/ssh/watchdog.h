// SPDX-License-Identifier: Apache-2.0
// Ends what waits on a socket when it is time to give up.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "tcp_socket.h"

namespace testarena::ssh {

/// The library waits for an ssh-agent without any limit, and has had faults that made it wait for a server so. Shutting
/// the socket down is what reaches it there; closing would not be safe.
class Watchdog {
 public:
  explicit Watchdog(GiveUp giveUp);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// The descriptor must stay open as long as this lives.
  void watch(int socket);

 private:
  void run();

  const GiveUp giveUp_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> sockets_;  // protected by mutex_
  bool isOver_ = false;       // protected by mutex_
  std::thread thread_;
};

}  // namespace testarena::ssh
