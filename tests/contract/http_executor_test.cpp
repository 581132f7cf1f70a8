// SPDX-License-Identifier: Apache-2.0
// http_executor passes the contract of executors, loaded as the server loads it, over an existing server in all the
// ways such a server may behave.
#include <gtest/gtest.h>

#include "executor_home.h"
#include "existing_server_double.h"
#include "temporary_folder.h"

namespace testarena::contract {
namespace {

struct Variant {
  std::string name;
  std::vector<std::string> server;  ///< options of the double
  std::string keys;                 ///< of the executor's table
};

class ExistingSubject final : public ExecutorSubject {
 public:
  explicit ExistingSubject(const Variant& variant) {
    test::writeFile(folder_ / "tasks/passes.sh", "echo all is well\n");
    test::writeFile(folder_ / "tasks/fails.sh", "echo nothing is well >&2\nexit 1\n");
    test::writeFile(folder_ / "tasks/sleeps.sh", "echo good night\nexec sleep 600\n");
    test::writeFile(folder_ / "tasks/writes.sh",
                    "for i in 1 2 3 4 5 6; do head -c 20000 /dev/zero | tr '\\0' $i; sleep 0.1; done\n");
    std::vector<std::string> options = {"--tasks", (folder_ / "tasks").string()};
    options.insert(options.end(), variant.server.begin(), variant.server.end());
    server_ = std::make_unique<test::ExistingServer>(folder_ / "server", options);
    executor_ =
        std::make_unique<LoadedExecutor>("plugin = \"http_executor\"\nurl = \"" + server_->url() +
                                             "\"\npoll_interval = \"50ms\"\nlog_refresh = \"100ms\"\nlog_url = \"" +
                                             server_->filesUrl() + "{task}.log\"\n" + variant.keys,
                                         folder_ / "data");
  }
  ~ExistingSubject() override { EXPECT_EQ(server_->refused(), std::vector<std::string>()); }

  Executor& executor() override { return executor_->get(); }
  bool restart() override {
    executor_->load();
    return true;
  }
  Submission submission(const std::string& job) override {
    return Submission{job, "lab", "ada", "main", std::string(40, 'a'), {}};
  }
  ExecutorScenarios scenarios() const override { return {"passes.sh", "fails.sh", "", "sleeps.sh", "writes.sh"}; }

 private:
  const test::TemporaryFolder folder_;
  std::unique_ptr<test::ExistingServer> server_;
  std::unique_ptr<LoadedExecutor> executor_;
};

ExecutorCase existing(const Variant& variant) {
  return {variant.name, [variant] { return std::make_unique<ExistingSubject>(variant); }};
}

INSTANTIATE_TEST_SUITE_P(
    ExistingServer, ExecutorContract,
    testing::Values(existing({"as_documented", {}, ""}),
                    existing({"verdict_in_status_upper_case", {"--verdict-in", "status", "--case", "upper"}, ""}),
                    existing({"abort_and_delete_without_prefix",
                              {"--control-prefix", "", "--case", "lower", "--extra-fields"},
                              "control_prefix = \"/\"\n"}),
                    existing({"aborted_becomes_finished",
                              {"--finish-aborted", "--refuse-ended-abort", "--prefix", "/lab/v1"},
                              "prefix = \"/lab/v1\"\nid_prefix = \"a:\"\n"})),
    [](const auto& which) { return which.param.name; });

}  // namespace
}  // namespace testarena::contract
