// SPDX-License-Identifier: Apache-2.0
#include "scripted_server.h"

#include <poll.h>
#include <sys/socket.h>

#include <Poco/Exception.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SocketAddress.h>

namespace testarena::test {

using Poco::Net::SocketAddress;

bool Peer::receive() {
  char buffer[65'536];
  try {
    while (!closing_) {
      if (!socket_.poll(Poco::Timespan(0, 50'000), Poco::Net::Socket::SELECT_READ)) continue;
      const int got = socket_.receiveBytes(buffer, sizeof buffer);
      if (got <= 0) return false;
      received_.append(buffer, static_cast<std::size_t>(got));
      return true;
    }
  } catch (const Poco::Exception&) {
  }
  return false;
}

std::string Peer::request() {
  for (;;) {
    const std::size_t head = received_.find("\r\n\r\n");
    if (head != std::string::npos) {
      std::size_t size = head + 4;
      const std::size_t length = received_.find("Content-Length: ");
      if (length < head) size += std::stoul(received_.substr(length + 16));
      if (received_.size() >= size) {
        const std::string request = received_.substr(0, size);
        received_.erase(0, size);
        return request;
      }
    }
    if (!receive()) return {};
  }
}

bool Peer::send(std::string_view octets) {
  try {
    while (!octets.empty()) {
      if (closing_) return false;
      if (!socket_.poll(Poco::Timespan(0, 50'000), Poco::Net::Socket::SELECT_WRITE)) continue;
      const int sent =
          socket_.sendBytes(octets.data(), static_cast<int>(std::min<std::size_t>(octets.size(), 65'536)), 0);
      if (sent <= 0) return false;
      octets.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  } catch (const Poco::Exception&) {
    return false;
  }
}

void Peer::waitForClose() {
  while (receive()) received_.clear();
}

void Peer::reset() {
  socket_.setLinger(true, 0);
  socket_.close();
}

ScriptedServer::ScriptedServer(Script script, Poco::Net::Context::Ptr tls) : script_(std::move(script)), tls_(tls) {
  const SocketAddress any("127.0.0.1", 0);
  listening_ = tls ? std::make_unique<Poco::Net::SecureServerSocket>(any, 64, tls)
                   : std::make_unique<Poco::Net::ServerSocket>(any, 64);
  port_ = listening_->address().port();
  accepting_ = std::thread([this] { accept(); });
}

ScriptedServer::~ScriptedServer() {
  closing_ = true;
  accepting_.join();
  for (std::thread& thread : threads_) thread.join();
}

void ScriptedServer::accept() {
  while (!closing_) {
    if (!listening_->poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) continue;
    // One owner: Poco counts references where ThreadSanitizer does not see it.
    auto socket = std::make_unique<Poco::Net::StreamSocket>(listening_->acceptConnection());
    ++connections_;
    threads_.emplace_back([this, socket = std::move(socket)] {
      Peer peer(*socket, closing_);
      script_(peer);
    });
  }
}

http::Address ScriptedServer::address(const std::string& host) const {
  http::Address address;
  address.tls = tls_;
  address.host = host;
  address.port = port_;
  return address;
}

std::string answer(int status, std::string_view body, std::string_view fields) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

ScriptedServer::Script always(std::function<std::string(const std::string& request)> answer) {
  return [answer = std::move(answer)](Peer& peer) {
    for (std::string request = peer.request(); !request.empty(); request = peer.request()) {
      if (!peer.send(answer(request))) return;
    }
  };
}

std::uint16_t deadPort() {
  // Bound but not listening: nobody else gets it while the program lives.
  static Poco::Net::StreamSocket socket;
  static const std::uint16_t port = [] {
    Poco::Net::ServerSocket bound;
    bound.bind(SocketAddress("127.0.0.1", 0), false);
    static Poco::Net::ServerSocket kept = bound;
    return kept.address().port();
  }();
  return port;
}

}  // namespace testarena::test
