// SPDX-License-Identifier: Apache-2.0
// local_executor passes the contract of executors, loaded as the server loads it, over a real repository.
#include <gtest/gtest.h>

#include "executor_home.h"
#include "temporary_folder.h"
#include "test_repository.h"

namespace testarena::contract {
namespace {

constexpr const char* kManifest = R"(
[[scenarios]]
glob = "*.sh"
command = ["sh", "{path}"]
)";

class LocalSubject final : public ExecutorSubject {
 public:
  LocalSubject() {
    repository_.write(".testarena.toml", kManifest);
    repository_.write("passes.sh", "echo all is well\n");
    repository_.write("fails.sh", "echo nothing is well >&2\nexit 1\n");
    repository_.write("skips.sh", "exit 77\n");
    repository_.write("sleeps.sh", "echo good night\nsleep 600\n");
    repository_.write("writes.sh", "for i in 1 2 3 4 5 6; do head -c 20000 /dev/zero | tr '\\0' $i; sleep 0.1; done\n");
    commit_ = repository_.commit("scenarios");
    executor_ = std::make_unique<LoadedExecutor>(
        "plugin = \"local_executor\"\nslots = 2\nabort_grace = \"200ms\"\nrepository = \"" +
            repository_.path().string() + "\"\n",
        folder_ / "data");
  }

  Executor& executor() override { return executor_->get(); }
  bool restart() override {
    executor_->load();
    return true;
  }
  Submission submission(const std::string& job) override { return Submission{job, "lab", "ada", "main", commit_, {}}; }
  ExecutorScenarios scenarios() const override { return {"passes", "fails", "skips", "sleeps", "writes"}; }
  std::string missingCommit() const override { return std::string(40, 'b'); }

 private:
  const test::TemporaryFolder folder_;
  test::TestRepository repository_{folder_ / "repository"};
  std::string commit_;
  std::unique_ptr<LoadedExecutor> executor_;
};

INSTANTIATE_TEST_SUITE_P(LocalExecutor, ExecutorContract,
                         testing::Values(ExecutorCase{"local_executor",
                                                      [] { return std::make_unique<LocalSubject>(); }}));

}  // namespace
}  // namespace testarena::contract
