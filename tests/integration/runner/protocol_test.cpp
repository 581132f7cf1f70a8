// SPDX-License-Identifier: Apache-2.0
// The protocol of the servers that exist already, as the runner serves it, and what it refuses.
#include <atomic>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <thread>

#include <gmock/gmock.h>

#include "running_runner.h"

namespace testarena::integration {
namespace {

using testing::HasSubstr;

class Protocol : public RunnerTest {
 protected:
  static std::string detail(const Answer& answer) {
    const auto value = answer.json();
    const Value* text = value.find("detail");
    EXPECT_NE(text, nullptr) << answer.body;
    const std::string detail = text != nullptr && text->isText() ? text->text() : "";
    EXPECT_EQ(detail.find('\n'), std::string::npos) << "one line";
    return detail;
  }
  static Answer post(const std::string& body) { return runner().post("/api/queue", body); }
};

TEST_F(Protocol, theSameContentAgainIsTheSameQueue) {
  const auto id = newId();
  runner().queue(id, {"checks/passes.sh"});
  runner().queue(id, {"checks/passes.sh"});
  runner().waitFor(id, "Finished");
  runner().queue(id, {"checks/passes.sh"});
  EXPECT_EQ(runner().status(id), "Finished") << "nothing has happened";
  const auto other = post(runner().body(id, {"checks/fails.sh"}));
  EXPECT_EQ(other.status, 409);
  EXPECT_THAT(detail(other), HasSubstr("known here with other content"));
}

TEST_F(Protocol, fiftyPostsOfOneIdMakeOneQueue) {
  const auto id = newId();
  runner().script("once", "echo run >> \"" + (runner().folder() / "once").string() + "\"\n");
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) {
    threads.emplace_back([&] { taken += post(runner().body(id, {"checks/once"})).status == 200 ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 50);
  runner().waitFor(id, "Finished");
  std::ifstream file(runner().folder() / "once");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "run\n");
  int listed = 0;
  const auto queues = runner().get("/api/queues").json();
  for (const auto& queue : queues.list()) listed += queue.find("id")->text() == id ? 1 : 0;
  EXPECT_EQ(listed, 1);
}

TEST_F(Protocol, deletedIdsAreRefusedAndUnknownOnesRemembered) {
  const auto id = newId();
  runner().queue(id, {"checks/passes"});
  runner().waitFor(id, "Finished");
  EXPECT_EQ(runner().remove("/api/delete/" + id).body, R"({"id":")" + id + R"(","status":"Deleted"})");
  EXPECT_EQ(runner().get("/api/status/" + id).status, 404);
  EXPECT_EQ(runner().get("/api/status/" + id + "-1").status, 404);
  EXPECT_EQ(runner().get("/api/log/" + id).status, 404);
  EXPECT_EQ(runner().remove("/api/delete/" + id).status, 404);
  EXPECT_EQ(post(runner().body(id, {"checks/passes"})).status, 409);
  const auto never = newId();
  EXPECT_EQ(runner().remove("/api/delete/" + never).status, 404);
  EXPECT_EQ(post(runner().body(never, {"checks/passes"})).status, 409);
}

TEST_F(Protocol, deletingARunningQueueEndsItsWholeTree) {
  const auto id = newId();
  const auto file = runner().folder() / "pid";
  runner().script("daemon", "setsid sh -c 'echo $$ > \"" + file.string() + ".new\"; mv \"" + file.string() +
                                ".new\" \"" + file.string() +
                                "\"; trap \"\" TERM; while :; do sleep 1; done' &\nsleep 600\n");
  runner().queue(id, {"checks/daemon"});
  waitUntil("the daemon runs", [&] { return std::filesystem::exists(file); });
  pid_t daemon = 0;
  std::ifstream(file) >> daemon;
  ASSERT_EQ(::kill(daemon, 0), 0);
  EXPECT_EQ(runner().remove("/api/delete/" + id).status, 200);
  EXPECT_NE(::kill(daemon, 0), 0) << "it was gone before the answer came";
}

TEST_F(Protocol, aCommitIsPinnedWhateverTheBranchBecomes) {
  const auto id = newId();
  const auto commit = runner().script("pinned", "echo old\n");
  runner().script("pinned", "echo new\n");
  runner().queue(id, {"checks/pinned"}, R"({"commit":")" + commit + "\"}");
  runner().waitFor(id, "Finished");
  EXPECT_EQ(runner().log(id + "-1"), "old\n");
}

TEST_F(Protocol, withoutACommitTheBranchIsPinnedAtTheDoor) {
  const auto blocker = newId();
  const auto id = newId();
  runner().script("moving", "echo before\n");
  runner().queue(blocker, {"checks/waits", "checks/waits"});
  runner().waitFor(blocker, "Running");
  runner().queue(id, {"checks/moving"});
  runner().script("moving", "echo after\n");
  runner().post("/api/abort/" + blocker, "");
  runner().waitFor(id, "Finished");
  EXPECT_EQ(runner().log(id + "-1"), "before\n");
}

TEST_F(Protocol, higherPrioritiesGoFirst) {
  const auto blocker = newId();
  runner().queue(blocker, {"checks/waits", "checks/waits"});
  runner().waitFor(blocker, "Running");
  const auto file = (runner().folder() / "order").string();
  runner().script("low", "echo low >> '" + file + "'\n");
  runner().script("high", "echo high >> '" + file + "'\n");
  const auto low = newId();
  const auto high = newId();
  runner().queue(low, {"checks/low"}, R"({"priority":-1})");
  runner().queue(high, {"checks/high"}, R"({"priority":7})");
  EXPECT_EQ(runner().status(high), "Waiting");
  runner().post("/api/abort/" + blocker + "-1", "");
  runner().waitFor(low, "Finished");
  std::ifstream order(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(order), {}), "high\nlow\n");
  runner().post("/api/abort/" + blocker, "");
}

TEST_F(Protocol, whatDoesNotExistIsRefusedAtTheDoorAndNothingIsKept) {
  const auto id = newId();
  const struct {
    std::string body;
    const char* said;
  } cases[] = {
      {R"({"source":"mian",")" + id + R"(":["lab",{"t":"checks/passes.sh"}]})", "no branch 'mian'"},
      {R"({"source":"--upload-pack=id",")" + id + R"(":["lab",{"t":"checks/passes.sh"}]})", "/source"},
      {R"({"source":"main;id",")" + id + R"(":["lab",{"t":"checks/passes.sh"}]})", "/source"},
      {R"({"source":"$(id)x",")" + id + R"(":["lab",{"t":"checks/passes.sh"}]})", "/source"},
      {R"({"source":"refs/heads/../../x",")" + id + R"(":["lab",{"t":"checks/passes.sh"}]})", "/source"},
      {R"({"source":"main",")" + id + R"(":["lab",{"t":"checks/pases.sh"}]})", "did you mean 'checks/passes.sh'?"},
      {R"({"source":"main",")" + id + R"(":["lab",{"t":"../../etc/passwd"}]})", "no scenario"},
      {R"({"source":"main",")" + id + R"(":["lab",{"t":"/etc/passwd"}]})", "no scenario"},
      {R"({"source":"main",")" + id + R"(":["lab",{"t":"checks/passes.sh; id"}]})", "no scenario"},
      {R"({"source":"main",")" + id + R"(":["lab",{"t":"checks/passes.sh"},{"labels":["gpu"]}]})", "no label 'gpu'"},
      {R"({"source":"main",")" + id + R"(":["lab",{"t":"checks/passes.sh"},{"commit":")" + std::string(40, 'd') +
           "\"}]}",
       "no commit"},
      {R"({"source":"main","../../x":["lab",{"t":"checks/passes.sh"}]})", "cannot be the id of a queue"},
      {R"({"source":"main",")" + id + R"(":["lab",{"../t":"checks/passes.sh"}]})", "cannot be the id of a task"},
      {R"({"source":"main",")" + id + R"(":["lab",{"t":["checks/passes.sh"]}]})", "must be a text"},
      {R"({"source":"main"})", "exactly one member"},
      {R"({"source":"main",)", ""},
      {"\xff\xfe", ""},
      {"", ""},
  };
  const auto count = [] { return runner().get("/api/queues").json().list().size(); };
  const auto before = count();
  for (const auto& [body, said] : cases) {
    const auto answer = post(body);
    EXPECT_EQ(answer.status, 422) << body << "\n" << answer.body;
    EXPECT_THAT(detail(answer), HasSubstr(said)) << body;
  }
  EXPECT_EQ(count(), before);
  runner().queue(id, {"checks/passes.sh"});
}

TEST_F(Protocol, strangeAddressesNameNothing) {
  for (const char* id : {"%2e%2e%2fx", "..%2f..%2fetc%2fpasswd", "a%2fb", "a%20b", "-x", "%24%28id%29", "x%0ay"}) {
    for (const char* path : {"/api/status/", "/api/log/", "/api/artifacts/"}) {
      const auto answer = runner().get(std::string(path) + id);
      EXPECT_TRUE(answer.status == 404 || answer.status == 400) << path << id << " " << answer.status;
      detail(answer);
    }
    const auto aborted = runner().post(std::string("/api/abort/") + id, "");
    EXPECT_TRUE(aborted.status == 404 || aborted.status == 400) << id;
    const auto deleted = runner().remove(std::string("/api/delete/") + id);
    EXPECT_TRUE(deleted.status == 404 || deleted.status == 400) << id;
  }
  EXPECT_EQ(runner().get("/api/status/" + std::string(200, 'x')).status, 404);
  EXPECT_EQ(runner().get("/api/nothing").status, 404);
  EXPECT_EQ(runner().get("/api/queue").status, 405);
}

TEST_F(Protocol, aBodyThatIsTooLargeIs413) {
  const auto answer = runner().post("/api/queue", std::string(std::size_t{64} << 20, ' '));
  EXPECT_EQ(answer.status, 413);
  EXPECT_FALSE(answer.json().find("detail")->text().empty());
  EXPECT_EQ(runner().get("/livez").status, 200);
}

TEST_F(Protocol, aBodyThatIsNoJsonByItsTypeIs415) {
  const auto body = runner().body(newId(), {"checks/passes"});
  for (const Headers& headers : {Headers{}, Headers{{"Content-Type", "text/plain"}},
                                 Headers{{"Content-Type", "application/x-www-form-urlencoded"}}}) {
    EXPECT_EQ(runner().post("/api/queue", body, headers).status, 415);
  }
  EXPECT_EQ(runner().post("/api/queue", body, {{"Content-Type", "application/json; charset=utf-8"}}).status, 200);
}

TEST_F(Protocol, anAbortOfWhatHasEndedChangesNothing) {
  const auto id = newId();
  runner().queue(id, {"checks/fails"});
  runner().waitFor(id, "Finished");
  EXPECT_EQ(runner().post("/api/abort/" + id, "").body, R"({"id":")" + id + R"(","status":"Finished"})");
  EXPECT_EQ(runner().post("/api/abort/" + id + "-1", "").status, 200);
  EXPECT_EQ(runner().status(id), "Finished");
  EXPECT_EQ(runner().get("/api/status/" + id + "-1").body,
            R"({"id":")" + id + R"(-1","type":"task","status":"Finished","result":"FAIL"})");
}

TEST_F(Protocol, aTasksEndIsToldWithItsReason) {
  const auto id = newId();
  runner().script("killed", "kill -SEGV $$\n");
  runner().script("skipped", "exit 77\n");
  runner().queue(id, {"checks/killed", "checks/skipped"});
  runner().waitFor(id, "Finished");
  const auto killed = runner().get("/api/status/" + id + "-1").json();
  EXPECT_EQ(killed.find("result")->text(), "FAIL");
  EXPECT_THAT(killed.find("reason")->text(), HasSubstr("SIGSEGV"));
  EXPECT_EQ(runner().get("/api/status/" + id + "-2").json().find("reason")->text(), "skipped");
}

}  // namespace
}  // namespace testarena::integration
