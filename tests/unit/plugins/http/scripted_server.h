// SPDX-License-Identifier: Apache-2.0
// A server on loopback that says exactly what a test tells it to say, right or wrong.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <Poco/Net/Context.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include "address.h"

namespace testarena::test {

/// One connection, on a thread of its own. Ends when the script returns.
class Peer {
 public:
  Peer(Poco::Net::StreamSocket& socket, std::atomic<bool>& closing) : socket_(socket), closing_(closing) {}

  /// One request with its body, as it came; empty: the client has closed, or the server ends.
  std::string request();
  /// False: the client has closed.
  bool send(std::string_view octets);
  /// Until the client closes.
  void waitForClose();
  /// Closes so that the client sees a reset.
  void reset();
  bool closing() const { return closing_; }

 private:
  bool receive();

  Poco::Net::StreamSocket& socket_;
  std::atomic<bool>& closing_;
  std::string received_;
};

class ScriptedServer {
 public:
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(Script script) : ScriptedServer(std::move(script), nullptr) {}
  /// With TLS.
  ScriptedServer(Script script, Poco::Net::Context::Ptr tls);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  http::Address address(const std::string& host = "127.0.0.1") const;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }

 private:
  void accept();

  const Script script_;
  const bool tls_;
  std::unique_ptr<Poco::Net::ServerSocket> listening_;
  std::uint16_t port_ = 0;
  std::atomic<bool> closing_{false};
  std::atomic<int> connections_{0};
  std::list<std::thread> threads_;  // only used by the accepting thread, and after its end
  std::thread accepting_;
};

/// What a script has seen, for the test to read.
class SharedText {
 public:
  void set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }
  std::string get() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// A whole answer.
std::string answer(int status, std::string_view body, std::string_view fields = {});

/// Answers each request with what `answer` makes of it.
ScriptedServer::Script always(std::function<std::string(const std::string& request)> answer);

/// A port at which nobody listens.
std::uint16_t deadPort();

}  // namespace testarena::test
