// SPDX-License-Identifier: Apache-2.0
#include "cutting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace testarena::test {
namespace {

constexpr int kStep = 50;  // milliseconds

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void reset(int socket) {
  const linger hard{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

bool sendAll(int socket, const char* data, ssize_t size) {
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t count = ::send(socket, data + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += count;
  }
  return true;
}

}  // namespace

CuttingProxy::CuttingProxy(int target) : target_(target) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(address.sin_port);
  accepter_ = std::thread([this] { accept(); });
}

CuttingProxy::~CuttingProxy() {
  isEnding_ = true;
  accepter_.join();
  for (std::thread& carrier : carriers_) carrier.join();
  ::close(listener_);
}

void CuttingProxy::accept() {
  while (!isEnding_) {
    pollfd file{listener_, POLLIN, 0};
    if (::poll(&file, 1, kStep) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++connections_;
    const std::lock_guard lock(mutex_);
    carriers_.emplace_back([this, client] { carry(client); });
  }
}

void CuttingProxy::carry(int client) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(target_);
  bool open = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int64_t cut = cutAfter_, stall = stallAfter_;
  int64_t passed = 0;
  while (open && !isEnding_) {
    const bool isStalled = stall >= 0 && passed >= stall;
    pollfd files[] = {{client, POLLIN, 0}, {isStalled ? -1 : server, POLLIN, 0}};
    if (::poll(files, 2, kStep) <= 0) continue;
    char data[4096];
    if (files[0].revents != 0) {
      const ssize_t count = ::read(client, data, sizeof data);
      open = count > 0 && sendAll(server, data, count);
    }
    if (open && files[1].revents != 0) {
      ssize_t count = ::read(server, data, sizeof data);
      if (cut >= 0 && count > cut - passed) {
        count = static_cast<ssize_t>(cut - passed);
        reset(client);
        open = false;
        if (count > 0) sendAll(client, data, count);
      } else {
        open = count > 0 && sendAll(client, data, count);
      }
      passed += count > 0 ? count : 0;
      bytes_ += count > 0 ? count : 0;
    }
  }
  ::close(server);
  ::close(client);
}

}  // namespace testarena::test
