// SPDX-License-Identifier: Apache-2.0
// Which scenario a task means, and what is refused. The tests of the whole runner do the same over a real repository.
#include "admission.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::runner {
namespace {

using testing::HasSubstr;

const std::string kCommit(40, 'a');

/// One commit with these scenarios, on the branch main.
class OneCommit final : public Discoverer {
 public:
  std::vector<Scenario> scenarios;
  std::atomic<int> scans{0};
  std::chrono::milliseconds scanTakes{0};

  Branch resolve(const ResolveRequest& request, Call&) override {
    Branch branch;
    if (request.branch == "-x") throw Invalid("no branch is called so");
    branch.found = request.branch == "main";
    if (branch.found) branch.commit = kCommit;
    return branch;
  }
  Branches branches(const BranchesRequest&, Call&) override { return {}; }
  Scan scan(const ScanRequest& request, Call&) override {
    ++scans;
    std::this_thread::sleep_for(scanTakes);
    if (request.commit != kCommit) throw NotFound("there is no such commit");
    return {scenarios, {}};
  }
  Health health(const HealthRequest&, Call&) override { return {}; }
};

class AdmissionTest : public testing::Test {
 protected:
  AdmissionTest() {
    add("checks/boot", "checks/boot.sh");
    add("twice a", "twice.sh");
    add("twice b", "twice.sh");
    add("ctest", "");
    discoverer_.scenarios.back().expands = true;
  }

  void add(const std::string& name, const std::string& path) {
    Scenario scenario;
    scenario.name = name;
    scenario.path = path;
    discoverer_.scenarios.push_back(scenario);
  }

  static QueueRequest request(const std::vector<std::string>& tasks) {
    QueueRequest request;
    request.id = "7";
    request.source = "main";
    request.environment = "lab";
    for (const std::string& task : tasks) {
      request.tasks.push_back({"7-" + std::to_string(request.tasks.size() + 1), task});
    }
    return request;
  }

  Accepted admit(const QueueRequest& request) {
    Call call(std::chrono::seconds(10));
    return admission_.admit(request, call);
  }
  std::string refusal(const QueueRequest& request) {
    try {
      admit(request);
    } catch (const Invalid& error) {
      return error.pointer() + ": " + error.what();
    }
    return "taken";
  }

  OneCommit discoverer_;
  Admission admission_{discoverer_, {"can", "linux"}};
};

TEST_F(AdmissionTest, aTaskNamesAPathOrAName) {
  const auto runs = admit(request({"checks/boot.sh", "twice b", "ctest"})).submission.runs;
  EXPECT_EQ(runs.at(0).scenario, "checks/boot");
  EXPECT_EQ(runs.at(0).path, "checks/boot.sh");
  EXPECT_EQ(runs.at(1).scenario, "twice b");
  EXPECT_EQ(runs.at(2).scenario, "ctest");
}

TEST_F(AdmissionTest, theCommitIsPinnedAtTheDoor) {
  EXPECT_EQ(admit(request({"ctest"})).submission.commit, kCommit);
  auto pinned = request({"ctest"});
  pinned.source = "a branch that is gone";
  pinned.commit = kCommit;
  EXPECT_EQ(admit(pinned).submission.commit, kCommit) << "with a commit only the commit counts";
  EXPECT_EQ(discoverer_.scans, 1) << "what is on a commit never changes";
}

TEST_F(AdmissionTest, manyWhoAskForOneCommitAreOneLook) {
  discoverer_.scanTakes = std::chrono::milliseconds(50);
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) threads.emplace_back([&] { EXPECT_EQ(admit(request({"ctest"})).tasks.size(), 1U); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(discoverer_.scans, 1);
}

TEST_F(AdmissionTest, whoNamesAScenarioTwiceWantsItTwice) {
  const auto runs = admit(request({"checks/boot.sh", "checks/boot"})).submission.runs;
  EXPECT_EQ(runs.at(0).attempt, 1);
  EXPECT_EQ(runs.at(1).attempt, 2);
}

TEST_F(AdmissionTest, whatDoesNotExistIsRefused) {
  auto other = request({"ctest"});
  other.source = "mian";
  EXPECT_THAT(refusal(other), HasSubstr("/source: there is no branch 'mian'"));
  other.source = "-x";
  EXPECT_THAT(refusal(other), HasSubstr("/source: no branch is called so"));
  EXPECT_THAT(refusal(request({"ctest", "checks/boto.sh"})),
              HasSubstr("/7/1/7-2: there is no scenario 'checks/boto.sh'"));
  EXPECT_THAT(refusal(request({"checks/boto.sh"})), HasSubstr("did you mean 'checks/boot.sh'?"));
  EXPECT_THAT(refusal(request({"twice.sh"})), HasSubstr("several scenarios have the path"));
  auto commit = request({"ctest"});
  commit.commit = std::string(40, 'b');
  EXPECT_THAT(refusal(commit), HasSubstr("there is no commit"));
}

TEST_F(AdmissionTest, runsAreCheckedLikeTasks) {
  auto asked = request({"checks/boot.sh"});
  asked.runs = {{"checks/boot", "checks/boot.sh", 3, ""}};
  EXPECT_EQ(admit(asked).submission.runs.at(0).attempt, 3);
  asked.runs = {{"checks/boot", "", 1, ""}};
  EXPECT_EQ(refusal(asked), "taken");
  asked.runs = {{"checks/boot", "elsewhere.sh", 1, ""}};
  EXPECT_THAT(refusal(asked), HasSubstr("has the path 'checks/boot.sh'"));
  asked.runs = {{"one of its tests", "", 1, "ctest"}};
  EXPECT_EQ(refusal(asked), "taken");
  asked.runs = {{"one of its tests", "", 1, "checks/boot"}};
  EXPECT_THAT(refusal(asked), HasSubstr("no lister"));
  asked.runs = {{"nothing", "", 1, ""}};
  EXPECT_THAT(refusal(asked), HasSubstr("there is no scenario 'nothing'"));
}

TEST_F(AdmissionTest, labelsAreThoseOfTheMachine) {
  auto asked = request({"ctest"});
  asked.labels = {"linux", "can"};
  EXPECT_EQ(refusal(asked), "taken");
  asked.labels = {"linux", "gpu"};
  EXPECT_THAT(refusal(asked), HasSubstr("/7/2/labels/1: this runner has no label 'gpu'; it has: can, linux"));
}

}  // namespace
}  // namespace testarena::runner
