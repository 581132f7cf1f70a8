// SPDX-License-Identifier: Apache-2.0
// One connection to one server. Only for the sources of this folder: it knows Poco.
#pragma once

#include <chrono>
#include <string_view>

#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>

#include "address.h"
#include "patience.h"
#include "resolver.h"

namespace testarena::http {

/// Never blocks but in Patience. All operations throw Unavailable for what the network does, DeadlineExceeded and
/// Cancelled; after that the connection is of no use any more.
class Connection {
 public:
  /// Connects to the first address that answers. With TLS, when this returns the server has proven who it is.
  /// `tls` is null for plain connections.
  Connection(const Address& server, const Poco::Net::Context::Ptr& tls, Resolver& resolver, const Patience& patience);

  void sendAll(std::string_view octets, const Patience& patience);

  /// What has come, in `buffer`; empty: the other side has closed.
  std::string_view receive(char* buffer, std::size_t size, const Patience& patience);

  /// Whether it is still open and quiet: what an idle connection can read is its end, or nobody's answer.
  bool isQuiet();

  std::chrono::steady_clock::time_point idleSince{};

 private:
  void connect(const Poco::Net::SocketAddress& address, const Patience& patience);
  void shakeHands(const Address& server, const Poco::Net::Context::Ptr& tls, const Patience& patience);
  int descriptor() { return socket_.impl()->sockfd(); }

  Poco::Net::StreamSocket socket_;
  bool isSecure_ = false;
};

}  // namespace testarena::http
