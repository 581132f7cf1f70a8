// SPDX-License-Identifier: Apache-2.0
// An ssh_executor over a real sshd and a real repository.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "laboratory.h"
#include "ssh_executor.h"
#include "ssh_server.h"
#include "test_host.h"
#include "test_repository.h"

namespace testarena::test {

class SshLaboratory {
 public:
  explicit SshLaboratory(const SshServer::Options& options = {});
  /// Removes every job, so that nothing goes on running.
  ~SshLaboratory();

  ssh_executor::Settings settings;  ///< to be changed before the executor is first used, or before `restart`

  SshServer& server() { return server_; }
  TestRepository& repository() { return repository_; }
  TestHost& host() { return *host_; }
  std::filesystem::path root() const { return server_.home() / "testarena" / "lab"; }
  std::filesystem::path jobFolder(const std::string& job) const { return root() / "jobs" / job; }
  std::filesystem::path checkout(const std::string& job) const { return jobFolder(job) / "checkout"; }

  /// A file of the next commit. `scenarios/NAME.sh` is the scenario `scenarios/NAME`.
  void write(const std::string& path, const std::string& text) { repository_.write(path, text); }
  void script(const std::string& name, const std::string& text) { write("scenarios/" + name + ".sh", text); }

  /// The executor over what is written; commits it first.
  Executor& executor();
  void restart() { executor_.reset(); }

  Submission submission(const std::string& job, const std::vector<std::string>& scenarios);
  void submit(const std::string& job, const std::vector<std::string>& scenarios);
  JobStatus status(const std::string& job);
  /// Also over times when the machine cannot be reached.
  JobStatus waitFor(const std::string& job, const std::function<bool(const JobStatus&)>& condition);
  JobStatus waitForEnd(const std::string& job);
  void waitUntilRunning(const std::string& job);
  void abort(const std::string& job);
  void remove(const std::string& job);
  std::string log(const std::string& job, const std::string& scenario);

  /// Submits one scenario with this script and waits for its end.
  RunStatus runScript(const std::string& text);
  std::string lastJob() const { return "job-" + std::to_string(jobs_); }

 private:
  SshServer server_;
  TestRepository repository_;
  std::shared_ptr<TestHost> host_ = std::make_shared<TestHost>();
  std::unique_ptr<ssh_executor::SshExecutor> executor_;
  std::string commit_;
  std::set<std::string> submitted_;
  int jobs_ = 0;
};

}  // namespace testarena::test
