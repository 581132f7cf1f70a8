// SPDX-License-Identifier: Apache-2.0
#include "watchdog.h"

#include <exception>
#include <sys/socket.h>
#include <utility>

namespace testarena::ssh {
namespace {

constexpr std::chrono::milliseconds kStep{100};

}  // namespace

Watchdog::Watchdog(GiveUp giveUp) : giveUp_(std::move(giveUp)), thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    isOver_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Watchdog::watch(int socket) {
  const std::lock_guard lock(mutex_);
  sockets_.push_back(socket);
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kStep, [&] { return isOver_; })) {
    lock.unlock();
    bool isTime = false;
    try {
      giveUp_();
    } catch (const std::exception&) {  // the one who waits finds out for himself what it is
      isTime = true;
    }
    lock.lock();
    if (!isTime) continue;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
}

}  // namespace testarena::ssh
