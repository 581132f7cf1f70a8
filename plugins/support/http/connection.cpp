// SPDX-License-Identifier: Apache-2.0
#include "connection.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>

#include <Poco/Exception.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SocketAddress.h>

#include <testarena/utf8.h>

namespace testarena::http {
namespace {

using Poco::Net::SecureStreamSocket;

constexpr auto kForOneAddress = std::chrono::seconds(5);

/// Poco's errors in our words.
template <class Function>
auto translated(const char* doing, Function&& function) {
  try {
    return function();
  } catch (const Poco::Exception& error) {
    throw Unavailable(std::string(doing) + ": " + cleanUtf8(error.displayText()));
  }
}

/// What became of one attempt to send or receive.
struct Done {
  std::size_t size = 0;
  short waitsFor = 0;  ///< not 0: nothing was done, wait for this first
};

int pieceOf(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, 1 << 20));
}

/// Poco's own plain sockets throw where a full buffer asks for patience, so these go past them.
Done doneByPlain(ssize_t result, short direction) {
  if (result >= 0) return {static_cast<std::size_t>(result), 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {0, direction};
  throw Unavailable("the connection broke: " + std::generic_category().message(errno));
}

Done doneBySecure(int result, short direction) {
  if (result >= 0) return {static_cast<std::size_t>(result), 0};
  if (result == SecureStreamSocket::ERR_SSL_WANT_READ) return {0, POLLIN};
  if (result == SecureStreamSocket::ERR_SSL_WANT_WRITE) return {0, POLLOUT};
  return {0, direction};
}

}  // namespace

Connection::Connection(const Address& server, const Poco::Net::Context::Ptr& tls, Resolver& resolver,
                       const Patience& patience) {
  const auto addresses = resolver.resolve(server.host, server.port, patience);
  for (std::size_t i = 0;; ++i) {
    try {
      // The last one gets all the time there is, the others leave some to those behind them.
      connect(addresses[i], i + 1 < addresses.size() ? patience.shortened(kForOneAddress) : patience);
      break;
    } catch (const Error&) {
      if (i + 1 == addresses.size()) throw;
      patience.check();
    }
  }
  if (tls) shakeHands(server, tls, patience);
}

void Connection::connect(const Poco::Net::SocketAddress& address, const Patience& patience) {
  socket_ = Poco::Net::StreamSocket();
  translated("no connection", [&] { socket_.connectNB(address); });
  ::fcntl(descriptor(), F_SETFD, FD_CLOEXEC);
  patience.waitFor(descriptor(), POLLOUT);
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    throw Unavailable("no connection to " + address.toString() + ": " + std::generic_category().message(error));
  }
  translated("no connection", [&] { socket_.setNoDelay(true); });
}

void Connection::shakeHands(const Address& server, const Poco::Net::Context::Ptr& tls, const Patience& patience) {
  const std::string doing = "no secure connection to " + server.server();
  translated(doing.c_str(), [&] {
    SecureStreamSocket secure = SecureStreamSocket::attach(socket_, server.host, tls);
    for (;;) {
      const int done = secure.completeHandshake();
      if (done == 1) break;
      if (done == 0) throw Unavailable(doing + ": the server has closed it");
      patience.waitFor(descriptor(), done == SecureStreamSocket::ERR_SSL_WANT_WRITE ? POLLOUT : POLLIN);
    }
    // The chain was checked by the handshake; that the certificate is for this name is only checked here.
    secure.verifyPeerCertificate(server.host);
    socket_ = secure;
    isSecure_ = true;
  });
}

void Connection::sendAll(std::string_view octets, const Patience& patience) {
  translated("the request could not be sent", [&] {
    while (!octets.empty()) {
      // What is sent again after WANT_... must be the same octets at the same place: only sent ones are dropped here.
      const Done done = isSecure_
                            ? doneBySecure(socket_.sendBytes(octets.data(), pieceOf(octets.size()), 0), POLLOUT)
                            : doneByPlain(::send(descriptor(), octets.data(), octets.size(), MSG_NOSIGNAL), POLLOUT);
      octets.remove_prefix(done.size);
      if (done.waitsFor != 0) {
        patience.waitFor(descriptor(), done.waitsFor);
      } else {
        patience.check();
      }
    }
  });
}

std::string_view Connection::receive(char* buffer, std::size_t size, const Patience& patience) {
  return translated("the connection broke", [&]() -> std::string_view {
    for (;;) {
      patience.check();
      const Done done = isSecure_ ? doneBySecure(socket_.receiveBytes(buffer, pieceOf(size)), POLLIN)
                                  : doneByPlain(::recv(descriptor(), buffer, size, 0), POLLIN);
      if (done.waitsFor == 0) return {buffer, done.size};
      patience.waitFor(descriptor(), done.waitsFor);
    }
  });
}

bool Connection::isQuiet() {
  pollfd wanted{descriptor(), POLLIN, 0};
  return ::poll(&wanted, 1, 0) == 0;
}

}  // namespace testarena::http
