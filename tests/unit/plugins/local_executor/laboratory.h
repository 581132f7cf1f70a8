// SPDX-License-Identifier: Apache-2.0
// A local executor over a real repository, in a temporary folder.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "local_executor.h"
#include "temporary_folder.h"
#include "test_host.h"
#include "test_repository.h"

namespace testarena::test {

class Laboratory {
 public:
  Laboratory();
  /// Ends whatever still runs.
  ~Laboratory();

  local_executor::Settings settings;  ///< to be changed before the executor is first used

  TestRepository& repository() { return repository_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path jobFolder(const std::string& job) const { return folder_ / "data/executors/lab/jobs" / job; }
  std::filesystem::path checkout(const std::string& job) const { return jobFolder(job) / "checkout"; }
  TestHost& host() { return *host_; }

  /// A file of the next commit. `scenarios/NAME.sh` is the scenario `scenarios/NAME`.
  void write(const std::string& path, const std::string& text) { repository_.write(path, text); }
  void script(const std::string& name, const std::string& text) { write("scenarios/" + name + ".sh", text); }

  /// The executor over what is written; commits it first.
  Executor& executor();

  /// The executor's object ends, as when the server stops.
  void stop() { executor_.reset(); }

  /// As after a stop of the server: the object ends, a new one goes on in the same folder.
  void restart();

  Submission submission(const std::string& job, const std::vector<std::string>& scenarios);
  void submit(const std::string& job, const std::vector<std::string>& scenarios);

  JobStatus status(const std::string& job);
  RunStatus run(const std::string& job, const std::string& scenario);
  JobStatus waitFor(const std::string& job, const std::function<bool(const JobStatus&)>& condition);
  JobStatus waitForEnd(const std::string& job);

  /// The whole log; empty scenario: the job's own.
  std::string log(const std::string& job, const std::string& scenario);

  /// Submits one scenario with this script and waits for its end.
  RunStatus runScript(const std::string& text);

  /// The latest job that runScript has made.
  std::string lastJob() const { return "job-" + std::to_string(jobs_); }

 private:
  TemporaryFolder folder_;
  TestRepository repository_;
  std::shared_ptr<TestHost> host_ = std::make_shared<TestHost>();
  std::unique_ptr<local_executor::LocalExecutor> executor_;
  std::string commit_;
  int jobs_ = 0;
};

/// What a test has written there, without the last line break; waits until it has.
std::string waitForFile(const std::filesystem::path& file);

/// Neither gone nor a zombie.
bool isAlive(pid_t pid);

/// Polls until it holds; the test fails, with `what`, if it does not within a minute.
void waitUntil(const std::function<bool()>& condition, const std::string& what);

}  // namespace testarena::test
