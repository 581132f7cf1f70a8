// SPDX-License-Identifier: Apache-2.0
// Faults of the way to the machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cutting_proxy.h"
#include "ssh_laboratory.h"

namespace testarena {
namespace {

using test::SshLaboratory;
using testing::HasSubstr;

TEST(SshExecutorFaults, aChangedHostKeyIsRefusedAndTheJobGoesOn) {
  SshLaboratory lab;
  lab.script("waits", "while [ ! -e go ]; do sleep 0.02; done\n");
  lab.submit("1", {"scenarios/waits"});
  lab.waitUntilRunning("1");
  lab.server().stop();
  const std::string before = test::readFile(lab.server().knownHosts());
  lab.server().changeHostKey();
  lab.server().start();
  lab.restart();
  try {
    lab.status("1");
    ADD_FAILURE() << "it was not refused";
  } catch (const Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr("has CHANGED"));
    EXPECT_THAT(error.what(), HasSubstr(lab.server().knownHosts().string() + ", line 1"));
  }
  EXPECT_THAT(lab.host().lines(), testing::Contains(HasSubstr("has CHANGED"))) << "the administrator is told";
  EXPECT_EQ(test::readFile(lab.server().knownHosts()), before) << "nothing is learned";
  lab.server().know(lab.server().port());  // what an administrator does who has compared the keys
  lab.waitFor("1", [](const JobStatus& job) { return job.runs[0].state == State::in_progress; });
  test::writeFile(lab.checkout("1") / "go", "");
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
}

TEST(SshExecutorFaults, manyJobsAreOneCommandOnOneConnection) {
  SshLaboratory lab;
  lab.script("a", "");
  test::CuttingProxy proxy(lab.server().port());
  lab.server().know(proxy.port());
  lab.settings.port = proxy.port();
  StatusRequest request;
  for (int i = 1; i <= 5; ++i) {
    lab.submit(std::to_string(i), {"scenarios/a"});
    request.jobs.push_back({std::to_string(i), ""});
  }
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(lab.waitForEnd(std::to_string(i)).state, State::passed);
  const int64_t before = proxy.bytes();
  Call call(std::chrono::seconds(60));
  EXPECT_EQ(lab.executor().status(request, call).jobs.size(), 5u);
  EXPECT_LT(proxy.bytes() - before, 5000);
  EXPECT_EQ(proxy.connections(), 1);
}

TEST(SshExecutorFaults, aScriptThatIsGoneIsInstalledAgain) {
  SshLaboratory lab;
  lab.script("a", "");
  lab.submit("1", {"scenarios/a"});
  lab.waitForEnd("1");
  std::filesystem::remove_all(lab.root() / "bin");
  EXPECT_EQ(lab.status("1").state, State::passed);
}

}  // namespace
}  // namespace testarena
