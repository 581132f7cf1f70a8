// SPDX-License-Identifier: Apache-2.0
// http_executor passes the contract of executors, loaded as the server loads it, over a real testarena-runner.
#include <gtest/gtest.h>

#include "executor_home.h"
#include "running_runner.h"

namespace testarena::contract {
namespace {

class RunnerSubject final : public ExecutorSubject {
 public:
  RunnerSubject() {
    runner_.repository().write("checks/skips.sh", "exit 77\n");
    runner_.repository().write("checks/writes.sh",
                               "for i in 1 2 3 4 5 6; do head -c 20000 /dev/zero | tr '\\0' $i; sleep 0.1; done\n");
    commit_ = runner_.repository().commit("more scenarios");
    executor_ = std::make_unique<LoadedExecutor>(
        "plugin = \"http_executor\"\nurl = \"http://" + runner_.address() + "\"\n", folder_ / "data");
  }

  Executor& executor() override { return executor_->get(); }
  bool restart() override {
    executor_->load();
    return true;
  }
  Submission submission(const std::string& job) override { return Submission{job, "lab", "ada", "main", commit_, {}}; }
  std::string missingCommit() const override { return std::string(40, 'b'); }
  ExecutorScenarios scenarios() const override {
    return {"checks/passes", "checks/fails", "checks/skips", "checks/waits", "checks/writes"};
  }

 private:
  const test::TemporaryFolder folder_;
  integration::RunningRunner runner_;
  std::string commit_;
  std::unique_ptr<LoadedExecutor> executor_;
};

INSTANTIATE_TEST_SUITE_P(Runner, ExecutorContract,
                         testing::Values(ExecutorCase{"runner", [] { return std::make_unique<RunnerSubject>(); }}));

}  // namespace
}  // namespace testarena::contract
