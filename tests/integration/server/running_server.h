// SPDX-License-Identifier: Apache-2.0
// A real server in a temporary folder, with a real repository.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include <gtest/gtest.h>

#include "http_client.h"
#include "program.h"

namespace testarena::integration {

/// The program `testarena` with SQLite, local accounts, the local executor and a git repository of its own. Ends, and
/// everything that it made goes, with the object. Programs and plugins are found by the build's folders.
class RunningServer {
 public:
  struct Options {
    std::string server;  ///< further lines of [server]
    std::string executor = R"({ plugin = "local_executor" })";
    std::string discoverer = R"({ plugin = "git_discoverer", repository = "{repository}" })";  ///< with its path put in
    std::string environments;  ///< further tables [[environment]], the same
  };
  RunningServer();
  explicit RunningServer(Options options);
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void start();
  /// Ends it with a signal and waits; the exit status, or minus the signal.
  int stop(int signal);

  HttpClient http() const { return HttpClient(address()); }
  std::string address() const;
  std::string adminPassword() const;
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path repository() const { return folder_ / "repository"; }
  std::string logText() const;

  /// Authorization for an account.
  Headers as(const std::string& username, const std::string& password) const;
  Headers asAdmin() const { return as("admin", adminPassword()); }
  /// Makes an account by the command line, beside the running server; its password.
  std::string createUser(const std::string& name, const std::string& role) const;
  /// Runs `testarena ARGUMENTS --config FILE`: standard output without the last newline.
  std::string command(const std::vector<std::string>& arguments) const;

  /// Writes a file of the repository and commits it on the branch.
  void commit(const std::string& branch, const std::string& file, const std::string& content) const;

  /// Submits scenarios of a branch as the administrator; the job's id.
  int64_t submit(const std::vector<std::string>& scenarios, const std::string& branch = "main",
                 const std::string& environment = "lab") const;
  Value job(int64_t id) const;
  /// The job once it has ended.
  Value ended(int64_t id) const;

 private:
  std::filesystem::path folder_;
  Options options_;
  pid_t process_ = -1;
};

/// Base of tests that share one server for all their cases: starting one costs more than most of them.
class ServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new RunningServer(); }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }
  static RunningServer& server() { return *server_; }

 private:
  static inline RunningServer* server_ = nullptr;
};

/// `{"a":"b"}` from names and values.
std::string jsonObject(const std::vector<std::pair<std::string, std::string>>& members);
inline Headers operator+(Headers left, const Headers& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}
inline const Headers kJson{{"Content-Type", "application/json"}};

}  // namespace testarena::integration
