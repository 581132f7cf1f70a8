// SPDX-License-Identifier: Apache-2.0
// ssh_executor passes the contract of executors, loaded as the server loads it, against a real sshd: one that serves
// the account that the tests run under, and one that has no rights of its own and reads somebody else's repository.
#include <gtest/gtest.h>

#include "executor_home.h"
#include "ssh_server.h"
#include "test_repository.h"

namespace testarena::contract {
namespace {

constexpr const char* kManifest = R"(
[[scenarios]]
glob = "*.sh"
command = ["sh", "{path}"]
)";

class SshSubject final : public ExecutorSubject {
 public:
  explicit SshSubject(bool unprivileged) : server_({unprivileged, {}}) {
    repository_.write(".testarena.toml", kManifest);
    repository_.write("passes.sh", "echo all is well\n");
    repository_.write("fails.sh", "echo nothing is well >&2\nexit 1\n");
    repository_.write("skips.sh", "exit 77\n");
    repository_.write("sleeps.sh", "echo good night\nsleep 600\n");
    repository_.write("writes.sh", "for i in 1 2 3 4 5 6; do head -c 20000 /dev/zero | tr '\\0' $i; sleep 0.1; done\n");
    commit_ = repository_.commit("scenarios");
    executor_ = std::make_unique<LoadedExecutor>(
        "plugin = \"ssh_executor\"\n" + server_.toml() + "slots = 2\nabort_grace = \"200ms\"\nfolder = \"" +
            (server_.home() / "testarena").string() + "\"\nrepository = \"" + repository_.path().string() + "\"\n",
        server_.folder() / "data");
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
  const test::SshServer server_;
  test::TestRepository repository_{server_.folder() / "repository"};
  std::string commit_;
  std::unique_ptr<LoadedExecutor> executor_;
};

INSTANTIATE_TEST_SUITE_P(
    SshExecutor, ExecutorContract,
    testing::Values(ExecutorCase{"own_account", [] { return std::make_unique<SshSubject>(false); }},
                    ExecutorCase{"unprivileged", [] { return std::make_unique<SshSubject>(true); }}),
    [](const testing::TestParamInfo<ExecutorCase>& info) { return info.param.name; });

}  // namespace
}  // namespace testarena::contract
