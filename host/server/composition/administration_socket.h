// SPDX-License-Identifier: Apache-2.0
// Lets `testarena admin` reach a running server, whose storage nobody else may open.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <thread>

#include "administration.h"
#include "files.h"
#include "log.h"

namespace testarena::server {

/// A socket in the data folder, for the server's own account and root alone: one request, one answer, both one line of
/// JSON. Served on a thread of its own until it is destroyed.
class AdministrationSocket {
 public:
  AdministrationSocket(std::filesystem::path file, Administration& administration);
  ~AdministrationSocket();
  AdministrationSocket(const AdministrationSocket&) = delete;
  AdministrationSocket& operator=(const AdministrationSocket&) = delete;

  /// The server's answer; nothing if no server listens there.
  static std::optional<AdministrationAnswer> ask(const std::filesystem::path& file,
                                                 const AdministrationRequest& request);

 private:
  void serve();
  void answer(int connection);

  const std::filesystem::path file_;
  Administration& administration_;
  const Logger log_{"administration"};
  FileDescriptor socket_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace testarena::server
