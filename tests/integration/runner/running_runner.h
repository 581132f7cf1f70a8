// SPDX-License-Identifier: Apache-2.0
// A real runner in a temporary folder, with a real repository.
#pragma once

#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "http_client.h"
#include "program.h"
#include "temporary_folder.h"
#include "test_repository.h"

namespace testarena::integration {

struct Outcome {
  int status = 0;      ///< the exit code, or minus the signal
  std::string output;  ///< of both streams
};

/// Runs a program to its end.
Outcome runProgram(const std::vector<std::string>& arguments);

/// The program `testarena-runner` with the local executor and a git repository of its own: scenarios `checks/passes`,
/// `checks/fails` (exit code 3) and `checks/waits` (ten minutes). Ends, and everything that it made goes, with the
/// object.
class RunningRunner {
 public:
  struct Options {
    std::string server;                                    ///< further lines of [server]
    std::string runner = "anonymous = true\nslots = 2\n";  ///< lines of [runner]
    std::string executor;                                  ///< further lines of [executor]
    std::string plugin = "local_executor";                 ///< another one has no keys but those above
    std::string more;                                      ///< further tables
    std::string executorTables;  ///< instead of [executor] with the local executor; @REPOSITORY@ is the repository
  };
  RunningRunner();
  explicit RunningRunner(Options options);
  ~RunningRunner();
  RunningRunner(const RunningRunner&) = delete;
  RunningRunner& operator=(const RunningRunner&) = delete;

  void start();
  /// Ends it with a signal and waits; the exit status, or minus the signal.
  int stop(int signal);
  void signal(int number) const;

  std::string address() const;
  std::filesystem::path config() const { return folder_ / "runner.toml"; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::string logText() const;
  test::TestRepository& repository() { return repository_; }
  /// Writes a script `checks/NAME.sh` and commits it; the commit.
  std::string script(const std::string& name, const std::string& text);
  void writeConfig(const Options& options) const;

  Answer get(const std::string& path, const Headers& headers = {}) const;
  Answer post(const std::string& path, const std::string& body, const Headers& headers = kJson) const;
  Answer remove(const std::string& path, const Headers& headers = {}) const;

  /// Posts a queue of these scenarios, with the tasks `<id>-1`, ...; the answer must be right.
  void queue(const std::string& id, const std::vector<std::string>& scenarios, const std::string& extras = "") const;
  static std::string body(const std::string& id, const std::vector<std::string>& scenarios,
                          const std::string& extras = "");

  /// The `status` of a queue or a task; empty for 404.
  std::string status(const std::string& id) const;
  void waitFor(const std::string& id, const std::string& status) const;
  std::string log(const std::string& id, const std::string& query = "") const {
    return get("/api/log/" + id + query).body;
  }

  static inline const Headers kJson{{"Content-Type", "application/json"}};

 private:
  test::TemporaryFolder folder_;
  Options options_;
  test::TestRepository repository_;
  pid_t process_ = -1;
};

/// Base of tests that share one runner for all their cases: starting one costs more than most of them.
class RunnerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { runner_ = new RunningRunner(); }
  static void TearDownTestSuite() {
    delete runner_;
    runner_ = nullptr;
  }
  static RunningRunner& runner() { return *runner_; }
  /// An id that no other test uses.
  static std::string newId() { return "q" + std::to_string(++ids_); }

 private:
  static inline RunningRunner* runner_ = nullptr;
  static inline int ids_ = 0;
};

}  // namespace testarena::integration
