// SPDX-License-Identifier: Apache-2.0
// Connections to a test's own sshd.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/error.h>

#include "connection.h"
#include "cutting_proxy.h"
#include "ssh_server.h"

namespace testarena::ssh {

inline ConnectionSettings settingsFor(const test::SshServer& server, int port) {
  ConnectionSettings settings;
  settings.host = "127.0.0.1";
  settings.port = port;
  settings.user = server.user();
  settings.key_file = server.key();
  settings.known_hosts_file = server.knownHosts();
  return settings;
}
inline ConnectionSettings settingsFor(const test::SshServer& server) {
  return settingsFor(server, server.port());
}

/// A connection that keeps what it reports.
class Laboratory {
 public:
  explicit Laboratory(const ConnectionSettings& settings)
      : connection_(settings, [this](const std::string& line) {
          const std::lock_guard lock(mutex_);
          reports_.push_back(line);
        }) {}

  Finished run(const std::string& line, std::chrono::milliseconds limit = std::chrono::seconds(60)) {
    return run(Command{line, {}}, limit);
  }
  Finished run(const Command& command, std::chrono::milliseconds limit = std::chrono::seconds(60)) {
    return connection_.run(command, Call(limit));
  }

  /// What the failure says; a test failure if there is none.
  std::string refusal() {
    try {
      run("true");
    } catch (const Unavailable& error) {
      return error.what();
    }
    ADD_FAILURE() << "it was not refused";
    return {};
  }

  Connection& connection() { return connection_; }
  std::vector<std::string> reports() {
    const std::lock_guard lock(mutex_);
    return reports_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> reports_;  // protected by mutex_
  Connection connection_;
};

inline std::string refusalOf(const ConnectionSettings& settings) {
  return Laboratory(settings).refusal();
}

template <class Function>
Code codeOf(Function function) {
  try {
    function();
  } catch (const Error& error) {
    EXPECT_STRNE(error.what(), "");
    return error.code();
  }
  return Code::ok;
}

}  // namespace testarena::ssh
