// SPDX-License-Identifier: Apache-2.0
// A TCP proxy on loopback that spoils connections.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace testarena::test {

class CuttingProxy {
 public:
  explicit CuttingProxy(int target);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  int port() const { return port_; }

  /// Each connection from now on is reset after so many bytes from the server; negative: never.
  void cutAfter(int64_t bytes) { cutAfter_ = bytes; }
  /// Each connection from now on goes silent, without being closed, after so many bytes from the server.
  void stallAfter(int64_t bytes) { stallAfter_ = bytes; }

  int64_t connections() const { return connections_; }
  /// From the server, over all connections.
  int64_t bytes() const { return bytes_; }

 private:
  void accept();
  void carry(int client);

  const int target_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int64_t> cutAfter_{-1};
  std::atomic<int64_t> stallAfter_{-1};
  std::atomic<int64_t> connections_{0};
  std::atomic<int64_t> bytes_{0};
  std::atomic<bool> isEnding_{false};
  std::mutex mutex_;
  std::vector<std::thread> carriers_;  // protected by mutex_
  std::thread accepter_;
};

}  // namespace testarena::test
