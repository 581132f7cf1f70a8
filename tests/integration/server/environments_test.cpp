// SPDX-License-Identifier: Apache-2.0
// The real server with two environments, one of which has an executor that nobody answers for a while.
#include <unistd.h>

#include "existing_server_double.h"
#include "running_server.h"

namespace testarena::integration {
namespace {

namespace fs = std::filesystem;

class TwoEnvironments : public ::testing::Test {
 protected:
  TwoEnvironments() {
    std::string pattern = (fs::temp_directory_path() / "testarena_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    remote_ = std::make_unique<test::ExistingServer>(
        folder_ / "remote", std::vector<std::string>{"--repository", (folder_ / "repository/.git").string()});
  }
  ~TwoEnvironments() override {
    server_.reset();
    remote_.reset();
    fs::remove_all(folder_);
  }
  RunningServer& start() {
    RunningServer::Options options;
    options.executor = "{ plugin = \"http_executor\", url = \"" + remote_->url() + "\", log_url = \"" +
                       remote_->filesUrl() + "{task}.log\", poll_interval = \"100ms\" }";
    options.environments =
        "[[environment]]\nname = \"here\"\nexecutor = { plugin = \"local_executor\" }\n"
        "discoverer = { plugin = \"git_discoverer\", repository = \"{repository}\" }\n";
    server_ = std::make_unique<RunningServer>(options);
    fs::create_directory_symlink(server_->repository(), folder_ / "repository");
    return *server_;
  }
  Value environment(const std::string& name) const {
    const auto all = server_->http().send("GET", "/api/v1/environments", server_->asAdmin()).json();
    for (const auto& one : all.find("environments")->list()) {
      if (one.find("name")->text() == name) return one;
    }
    ADD_FAILURE() << "there is no environment " << name;
    return {};
  }
  std::string state(const std::string& name) const { return environment(name).find("state")->text(); }
  void waitFor(const std::string& name, const std::string& wanted) const {
    waitUntil((name + " is " + wanted).c_str(), [&] { return state(name) == wanted; });
  }
  std::string reason(int64_t id) const { return server_->job(id).find("reason")->text(); }
  /// As the list tells it.
  std::string listedReason(int64_t id) const {
    const auto list = server_->http().send("GET", "/api/v1/jobs", server_->asAdmin()).json();
    for (const auto& job : list.find("jobs")->list()) {
      if (job.find("id")->integer() == id) return job.find("reason")->text();
    }
    return "not in the list";
  }

  fs::path folder_;
  std::unique_ptr<test::ExistingServer> remote_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(TwoEnvironments, anExecutorThatIsDownFromTheStartHoldsItsJobsAndNobodyElses) {
  remote_->stop();
  auto& server = start();
  waitFor("lab", "unreachable");
  const auto lab = environment("lab");
  EXPECT_NE(lab.find("message")->text(), "");
  EXPECT_EQ(lab.find("last_error")->text(), lab.find("message")->text());
  EXPECT_FALSE(lab.find("next_try")->isNull());
  EXPECT_TRUE(lab.find("answered_at")->isNull()) << "nothing is told that was not measured";
  EXPECT_TRUE(lab.find("latency_us")->isNull());

  const auto waiting = server.submit({"checks/passes"});
  waitUntil("its job says what it waits for",
            [&] { return reason(waiting).find("not sent yet: the environment is unreachable (") == 0; });
  EXPECT_NE(reason(waiting).find("; the next try is at "), std::string::npos) << reason(waiting);
  waitUntil("the list says so as well", [&] { return listedReason(waiting).find("not sent yet:") == 0; });
  EXPECT_EQ(environment("lab").find("unsent_jobs")->integer(), 1);

  const auto other = server.submit({"checks/passes"}, "main", "here");
  EXPECT_EQ(server.ended(other).find("state")->text(), "passed") << "the other environment does not notice";
  const auto here = environment("here");
  EXPECT_EQ(here.find("state")->text(), "ok");
  EXPECT_GT(here.find("latency_us")->integer(), 0);
  EXPECT_FALSE(here.find("answered_at")->isNull());
  EXPECT_TRUE(here.find("last_error_at")->isNull());

  remote_->restart();
  EXPECT_EQ(server.ended(waiting).find("state")->text(), "passed") << "by itself, at the next probe";
  EXPECT_EQ(remote_->posts(std::to_string(waiting)), 1);
  waitFor("lab", "ok");
  const auto again = environment("lab");
  EXPECT_TRUE(again.find("next_try")->isNull());
  EXPECT_NE(again.find("last_error")->text(), "") << "what was wrong can still be read";
  EXPECT_FALSE(again.find("last_error_at")->isNull());
  EXPECT_GT(again.find("latency_us")->integer(), 0);
}

TEST_F(TwoEnvironments, anOutageIsToldToWhoeverWatches) {
  auto& server = start();
  waitFor("lab", "ok");
  EventStream stream(server.address(), "/api/v1/events?of=environments", server.asAdmin());
  const auto first = stream.next();
  EXPECT_EQ(first.name, "snapshot");
  EXPECT_NE(first.data.find(R"("name":"here")"), std::string::npos) << first.data;
  remote_->stop();
  // A job makes the server look: without one it asks now and then only.
  const auto id = server.submit({"checks/passes"});
  for (bool told = false; !told;) {
    const auto event = stream.next();
    ASSERT_NE(event.name, "") << "the outage was not told";
    told = event.name == "environment" && event.data == R"({"name":"lab"})";
  }
  waitFor("lab", "unreachable");
  EXPECT_NE(reason(id).find("the environment is unreachable"), std::string::npos) << reason(id);
  EXPECT_EQ(state("here"), "ok");
  remote_->restart();
  EXPECT_EQ(server.ended(id).find("state")->text(), "passed");
  EXPECT_EQ(server.http().send("GET", "/api/v1/events?of=jobs", server.asAdmin()).status, 400);
}

TEST_F(TwoEnvironments, whatWasDeletedDuringAnOutageIsATombstoneUntilItIsGoneThere) {
  auto& server = start();
  const auto id = server.submit({"checks/waits"});
  waitUntil("it runs", [&] { return server.job(id).find("state")->text() == "in_progress"; });
  remote_->stop();
  const auto path = "/api/v1/jobs/" + std::to_string(id);
  EXPECT_EQ(server.http().send("DELETE", path, server.asAdmin()).status, 204);
  EXPECT_EQ(server.http().send("GET", path, server.asAdmin()).status, 404) << "gone for people at once";
  waitUntil("it is counted", [&] { return environment("lab").find("tombstones")->integer() == 1; });
  EXPECT_EQ(environment("here").find("tombstones")->integer(), 0);
  remote_->restart();
  waitUntil("it is gone there", [&] { return environment("lab").find("tombstones")->integer() == 0; });
}

}  // namespace
}  // namespace testarena::integration
