// SPDX-License-Identifier: Apache-2.0
#include "tcp_socket.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <testarena/error.h>

namespace testarena::ssh {
namespace {

using process::Descriptor;

constexpr std::chrono::milliseconds kStep{100};
constexpr int kPeerIsGoneAfter = 30'000;  // milliseconds without an acknowledgement

void setOption(const Descriptor& socket, int level, int option, int value) {
  ::setsockopt(socket.get(), level, option, &value, sizeof value);  // without it, it is only noticed later
}

/// 0, or errno.
int tryAddress(const addrinfo& address, Descriptor& socket, const GiveUp& giveUp) {
  socket = Descriptor(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return errno;
  setOption(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  setOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  setOption(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, kPeerIsGoneAfter);
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  for (;;) {
    giveUp();
    pollfd file{socket.get(), POLLOUT, 0};
    if (::poll(&file, 1, static_cast<int>(kStep.count())) <= 0) continue;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
  }
}

}  // namespace

void waitFor(int descriptor, short events, std::chrono::milliseconds limit) {
  pollfd file{descriptor, events, 0};
  ::poll(&file, 1, static_cast<int>(limit.count()));
}

Descriptor connectTcp(const std::string& host, int64_t port, const GiveUp& giveUp) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error == EAI_ADDRFAMILY || error == EAI_NONAME) {  // AI_ADDRCONFIG hides loopback on a machine without network
    hints.ai_flags = AI_NUMERICSERV;
    error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  }
  if (error != 0) throw Unavailable("the name " + host + " cannot be looked up: " + ::gai_strerror(error));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  int last = EHOSTUNREACH;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    Descriptor socket;
    last = tryAddress(*address, socket, giveUp);
    if (last == 0) return socket;
  }
  throw Unavailable("cannot connect to " + host + ", port " + std::to_string(port) + ": " + std::strerror(last));
}

Descriptor connectUnix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw Unavailable("the path of the socket " + path + " is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw Unavailable("cannot connect to the socket " + path + ": " + std::strerror(errno));
  }
  return socket;
}

}  // namespace testarena::ssh
