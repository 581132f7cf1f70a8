// SPDX-License-Identifier: Apache-2.0
#include "resolver.h"

#include <algorithm>
#include <memory>
#include <netdb.h>
#include <sys/socket.h>

#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SocketAddress.h>

namespace testarena::http {
namespace {

constexpr std::size_t kMostLeftBehind = 8;

}  // namespace

struct Resolver::Found {
  int error = 0;
  std::vector<Poco::Net::SocketAddress> addresses;
};

std::vector<Poco::Net::SocketAddress> Resolver::resolve(const std::string& host, std::uint16_t port,
                                                        const Patience& patience) {
  if (Poco::Net::IPAddress literal; Poco::Net::IPAddress::tryParse(host, literal)) {
    return {Poco::Net::SocketAddress(literal, port)};
  }
  // As RFC 6761 section 6.3 has it: this name is this machine, whatever a name server or a missing /etc/hosts says.
  if (host == "localhost") return {Poco::Net::SocketAddress("127.0.0.1", port), Poco::Net::SocketAddress("::1", port)};
  const auto found = std::make_shared<Found>();
  std::future<void> looking;
  {
    const std::lock_guard lock(mutex_);
    const auto isDone = [](const std::future<void>& one) {
      return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    leftBehind_.erase(std::remove_if(leftBehind_.begin(), leftBehind_.end(), isDone), leftBehind_.end());
    if (leftBehind_.size() >= kMostLeftBehind) throw Unavailable("the name server of this machine does not answer");
    looking = std::async(std::launch::async, [found, host, port] {
      addrinfo wanted = {};
      wanted.ai_socktype = SOCK_STREAM;
      wanted.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
      addrinfo* list = nullptr;
      found->error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
      for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
        if (one->ai_family == AF_INET || one->ai_family == AF_INET6) {
          found->addresses.emplace_back(one->ai_addr, one->ai_addrlen);
        }
      }
      if (list != nullptr) ::freeaddrinfo(list);
    });
  }
  try {
    while (looking.wait_for(patience.slice()) != std::future_status::ready) patience.check();
    looking.get();
  } catch (const Error&) {
    const std::lock_guard lock(mutex_);
    leftBehind_.push_back(std::move(looking));
    throw;
  }
  if (found->addresses.empty()) {
    throw Unavailable("the name " + host + " has no address" +
                      (found->error != 0 ? std::string(": ") + ::gai_strerror(found->error) : std::string()));
  }
  return found->addresses;
}

}  // namespace testarena::http
