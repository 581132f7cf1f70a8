// SPDX-License-Identifier: Apache-2.0
// Both ends together: http_executor passes the contract of executors over the real runner, which is killed wherever the
// contract asks for a restart.
#include <signal.h>

#include <gtest/gtest.h>

#include "executor_home.h"
#include "running_runner.h"

namespace testarena::contract {
namespace {

class RunnerSubject final : public ExecutorSubject {
 public:
  RunnerSubject() : runner_(options()) {
    runner_.script("skips", "exit 77\n");
    runner_.script("passes", "echo all is well\n");
    runner_.script("sleeps", "echo good night\nsleep 600\n");
    commit_ =
        runner_.script("writes", "for i in 1 2 3 4 5 6; do head -c 20000 /dev/zero | tr '\\0' $i; sleep 0.1; done\n");
    test::writeFile(folder_ / "token", std::string(kToken) + "\n");
    std::filesystem::permissions(folder_ / "token", std::filesystem::perms::owner_read);
    load();
  }

  Executor& executor() override { return executor_->get(); }
  bool restart() override {
    runner_.stop(SIGKILL);
    runner_.start();
    load();  // it listens at another address now
    return true;
  }
  Submission submission(const std::string& job) override { return Submission{job, "lab", "ada", "main", commit_, {}}; }
  ExecutorScenarios scenarios() const override {
    return {"checks/passes", "checks/fails", "checks/skips", "checks/sleeps", "checks/writes"};
  }
  std::string missingCommit() const override { return std::string(40, 'b'); }

 private:
  static integration::RunningRunner::Options options() {
    integration::RunningRunner::Options options;
    options.runner = "slots = 2\n";
    options.more = "[[token]]\nname = \"host\"\nhash = \"" + std::string(kHash) + "\"\n";
    return options;
  }
  void load() {
    executor_.reset();
    executor_ = std::make_unique<LoadedExecutor>("plugin = \"http_executor\"\nurl = \"http://" + runner_.address() +
                                                     "\"\ntoken_file = \"" + (folder_ / "token").string() + "\"\n",
                                                 folder_ / "data");
  }

  static constexpr const char* kToken = "tar_a_token_of_this_test_alone";
  static constexpr const char* kHash = "sha256:6eb1151d4f4add9a8dcdf44466eada05922d375fa41dbaac42e99b05b34bbdec";

  const test::TemporaryFolder folder_;
  integration::RunningRunner runner_;
  std::string commit_;
  std::unique_ptr<LoadedExecutor> executor_;
};

INSTANTIATE_TEST_SUITE_P(HttpExecutorOverTheRunner, ExecutorContract,
                         testing::Values(ExecutorCase{"testarena_runner",
                                                      [] { return std::make_unique<RunnerSubject>(); }}));

}  // namespace
}  // namespace testarena::contract
