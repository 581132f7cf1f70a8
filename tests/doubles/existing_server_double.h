// SPDX-License-Identifier: Apache-2.0
// Starts existing_server.py, which is described there.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include "descriptor.h"
#include "json_value.h"

namespace testarena::test {

class ExistingServer {
 public:
  /// What it writes, logs and the record, goes into `folder`. `options` are those of the program.
  ExistingServer(std::filesystem::path folder, std::vector<std::string> options);
  /// Ends it, with all that it runs.
  ~ExistingServer();
  ExistingServer(const ExistingServer&) = delete;
  ExistingServer& operator=(const ExistingServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + port_; }
  /// Where it serves logs.
  std::string filesUrl() const { return url() + "/files/"; }

  /// One line on its standard input; what it answered.
  std::string order(const std::string& line);
  /// How often a queue was accepted.
  int posts(const std::string& queue) { return std::stoi(order("posts " + queue)); }

  /// All requests so far: method, target, body, fields, and refused where it was not as documented.
  std::vector<json::Value> requests() const;
  /// "GET /api/queues", ..., in order.
  std::vector<std::string> lines() const;
  int count(const std::string& line) const;
  /// What was refused, as "GET /x: why"; to be empty at the end of every test.
  std::vector<std::string> refused() const;

  /// Ends it and starts it again at the same port; it has forgotten everything.
  void restart();
  void stop();

 private:
  void start(const std::string& port);
  std::string readLine();

  const std::filesystem::path folder_;
  const std::vector<std::string> options_;
  process::Descriptor in_;
  process::Descriptor out_;
  pid_t process_ = -1;
  std::string port_;
  std::string unread_;
};

}  // namespace testarena::test
