// SPDX-License-Identifier: Apache-2.0
// The real server with http_executor in front of a real runner.
#include <fstream>
#include <iterator>
#include <signal.h>

#include "running_runner.h"
#include "running_server.h"

namespace testarena::integration {
namespace {

constexpr const char* kManifest = R"toml(
[[scenarios]]
glob = "checks/*.sh"
command = ["sh", "{path}"]
timeout_s = 120

[results]
artifacts = ["kept/*"]
)toml";

class RunnerJob : public ::testing::Test {
 protected:
  RunnerJob() {
    RunningServer::Options options;
    options.executor = "{ plugin = \"http_executor\", url = \"http://" + runner_.address() + "\" }";
    server_ = std::make_unique<RunningServer>(options);
    server_->commit("main", ".testarena.toml", kManifest);
  }
  /// Writes a scenario; the runner gets the commit.
  void script(const std::string& name, const std::string& text) {
    server_->commit("main", "checks/" + name + ".sh", text);
    const auto fetched = runProgram({"git", "-C", runner_.repository().path().string(), "fetch", "-q",
                                     server_->repository().string(), "+main:refs/heads/copy"});
    ASSERT_EQ(fetched.status, 0) << fetched.output;
  }
  Answer ask(int64_t id, const std::string& path) const {
    return server_->http().send("GET", "/api/v1/jobs/" + std::to_string(id) + path, server_->asAdmin());
  }

  RunningRunner runner_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(RunnerJob, isRunAtItsCommitAndItsFilesAreKept) {
  script("keeps", "mkdir -p kept\nprintf evidence > kept/note.txt\necho first\n");
  const auto id = server_->submit({"checks/keeps", "checks/fails"});
  const auto job = server_->ended(id);
  EXPECT_EQ(job.find("state")->text(), "failed");
  EXPECT_EQ(job.find("runs")->list()[0].find("state")->text(), "passed");
  EXPECT_EQ(job.find("runs")->list()[1].find("exit_code")->integer(), 3);
  waitUntil("the runner has been cleaned up", [&] { return runner_.status(std::to_string(id)).empty(); });
  EXPECT_EQ(ask(id, "/runs/checks%2Fkeeps/1/log").body, "first\n");
  EXPECT_EQ(ask(id, "/runs/checks%2Fkeeps/1/artifacts/kept%2Fnote.txt").body, "evidence");
}

TEST_F(RunnerJob, isAbortedThere) {
  script("nothing", "true\n");
  const auto id = server_->submit({"checks/waits"});
  waitUntil("the log has its line", [&] { return ask(id, "/runs/checks%2Fwaits/1/log").body == "waiting\n"; });
  server_->http().send("POST", "/api/v1/jobs/" + std::to_string(id) + "/abort", server_->asAdmin());
  EXPECT_EQ(server_->ended(id).find("state")->text(), "aborted");
}

TEST_F(RunnerJob, outlivesAKillOfTheServerAndRunsOnce) {
  const auto file = server_->folder() / "count";
  script("counts", "echo run >> \"" + file.string() + "\"\nfor i in $(seq 1 200); do echo line $i; sleep 0.02; done\n");
  const auto id = server_->submit({"checks/counts"});
  waitUntil("it runs", [&] { return server_->job(id).find("state")->text() == "in_progress"; });
  EXPECT_EQ(server_->stop(SIGKILL), -SIGKILL);
  server_->start();
  EXPECT_EQ(server_->ended(id).find("state")->text(), "passed");
  std::string whole;
  for (int i = 1; i <= 200; ++i) whole += "line " + std::to_string(i) + "\n";
  waitUntil("the log is whole", [&] { return ask(id, "/runs/checks%2Fcounts/1/log").body == whole; });
  std::ifstream count(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(count), {}), "run\n");
}

}  // namespace
}  // namespace testarena::integration
