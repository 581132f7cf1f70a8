// SPDX-License-Identifier: Apache-2.0
// An http_executor with all that it needs, and the words of its domain.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http_executor.h"
#include "temporary_folder.h"
#include "test_host.h"

namespace testarena::http_executor {

using namespace std::chrono_literals;

class ExecutorTest : public testing::Test {
 protected:
  ExecutorTest() {
    settings_.data = (folder_ / "data").string();
    settings_.environment = "lab";
    settings_.timeout = 5s;
    settings_.in_flight = 5s;
    settings_.poll_interval = 50ms;
    settings_.log_refresh = 100ms;
  }

  /// Made when it is first needed, with settings_ as they are then.
  Executor& executor() {
    if (!executor_) executor_ = std::make_unique<HttpExecutor>(settings_, Host(host_));
    return *executor_;
  }
  void restart() { executor_.reset(); }

  static Submission job(const std::string& id, const std::vector<std::string>& paths) {
    Submission submission{id, "lab", "ada", "main", std::string(40, 'a'), {}};
    for (const std::string& path : paths) submission.runs.push_back({path, path, 1, ""});
    return submission;
  }
  Submitted submit(const std::string& id, const std::vector<std::string>& paths) {
    Call call(30s);
    return executor().submit(job(id, paths), call);
  }
  /// What a submission throws; `ok` if nothing.
  Code submitting(const std::string& id, const std::vector<std::string>& paths = {"passes.sh"}) {
    return codeOf([&] { submit(id, paths); });
  }
  JobStatus status(const std::string& id) {
    Call call(30s);
    return executor().status({{{id, ""}}}, call).jobs.at(0);
  }
  JobStatus waitFor(const std::string& id, const std::function<bool(const JobStatus&)>& condition) {
    for (const auto end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
      JobStatus now = status(id);
      if (condition(now)) return now;
      std::this_thread::sleep_for(10ms);
    }
    throw std::runtime_error("waited in vain for job " + id);
  }
  JobStatus waitForEnd(const std::string& id) {
    return waitFor(id, [](const JobStatus& job) { return hasEnded(job.state); });
  }
  LogPart readLog(const std::string& id, const std::string& scenario, int64_t offset = 0) {
    Call call(30s);
    return executor().read_log({id, "", scenario, 1, offset, 1 << 20}, call);
  }
  void abort(const std::string& id) {
    Call call(30s);
    executor().abort({id, ""}, call);
  }
  void remove(const std::string& id) {
    Call call(30s);
    executor().remove({id, ""}, call);
  }
  Code codeOf(const std::function<void()>& function) {
    try {
      function();
      return Code::ok;
    } catch (const Error& error) {
      problem_ = error.what();
      return error.code();
    }
  }

  const test::TemporaryFolder folder_;
  Settings settings_;
  const std::shared_ptr<test::TestHost> host_ = std::make_shared<test::TestHost>();
  std::string problem_;  ///< what codeOf caught
  std::unique_ptr<HttpExecutor> executor_;
};

}  // namespace testarena::http_executor
