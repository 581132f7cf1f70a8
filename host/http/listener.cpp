// SPDX-License-Identifier: Apache-2.0
#include "listener.h"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>

#include <testarena/error.h>

namespace testarena::http {
namespace {

/// As many as the kernel allows (net.core.somaxconn): a restart brings every dashboard back within a second.
constexpr int kBacklog = 4096;

struct Place {
  sockaddr_storage address{};
  socklen_t size = 0;
};

Place parsePlace(const std::string& text) {
  auto wrong = [&]() {
    return Invalid("listen address '" + text + "' is not address:port, like 127.0.0.1:8080 or [::1]:8080");
  };
  std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) throw wrong();
  std::string host = text.substr(0, colon);
  std::string_view digits = std::string_view(text).substr(colon + 1);
  std::uint16_t port = 0;
  auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (problem != std::errc{} || end != digits.data() + digits.size()) throw wrong();

  Place place;
  if (host == "localhost") host = "127.0.0.1";
  sockaddr_in four{};
  if (inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    std::memcpy(&place.address, &four, sizeof four);
    place.size = sizeof four;
    return place;
  }
  sockaddr_in6 six{};
  bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (!brackets || inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &six.sin6_addr) != 1) throw wrong();
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  std::memcpy(&place.address, &six, sizeof six);
  place.size = sizeof six;
  return place;
}

void enable(int socket, int level, int option, int value = 1) {
  setsockopt(socket, level, option, &value, sizeof value);
}

std::uint16_t boundPort(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
  in_port_t port = 0;
  // The port stands at the same place in sockaddr_in and sockaddr_in6.
  std::memcpy(&port, reinterpret_cast<const char*>(&bound) + offsetof(sockaddr_in, sin_port), sizeof port);
  return ntohs(port);
}

Descriptor openReserve() {
  return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

Listener::Listener(const std::string& address) : reserve_(openReserve()) {
  Place place = parsePlace(address);
  auto failed = [&](const char* step) {
    return Unavailable("cannot listen on " + address + ": " + step + ": " + std::strerror(errno));
  };
  socket_ = Descriptor(::socket(place.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) throw failed("socket");
  enable(socket_.get(), SOL_SOCKET, SO_REUSEADDR);
  // Accepted sockets inherit this: an answer is one write, so there is nothing to wait for.
  enable(socket_.get(), IPPROTO_TCP, TCP_NODELAY);
  if (place.address.ss_family == AF_INET6) enable(socket_.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&place.address), place.size) != 0) throw failed("bind");
  if (::listen(socket_.get(), kBacklog) != 0) throw failed("listen");
  port_ = boundPort(socket_.get());
  address_ = address.substr(0, address.rfind(':') + 1) + std::to_string(port_);
}

Listener::Accepted Listener::accept() {
  Accepted accepted;
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  auto take = [&] {
    size = sizeof peer;
    return Descriptor(
        ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  };
  accepted.socket = take();
  if (accepted.socket) {
    accepted.result = Result::accepted;
    accepted.peer = IpAddress::from(peer);
    return accepted;
  }
  if (errno == EMFILE || errno == ENFILE) {
    reserve_.reset();
    accepted.socket = take();
    if (accepted.socket) {
      accepted.result = Result::no_descriptors;
      return accepted;
    }
    giveBack();
    return accepted;
  }
  // A connection that was given up while it waited is an error of that connection only.
  bool of_this_one = errno == ECONNABORTED || errno == EPROTO || errno == EPERM || errno == EINTR;
  if (of_this_one) accepted.result = Result::failed;
  return accepted;
}

void Listener::giveBack() {
  reserve_ = openReserve();
}

std::uint64_t raiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  rlimit wanted = limit;
  wanted.rlim_cur = wanted.rlim_max;
  if (limit.rlim_cur < limit.rlim_max && setrlimit(RLIMIT_NOFILE, &wanted) == 0) limit = wanted;
  return limit.rlim_cur;
}

}  // namespace testarena::http
