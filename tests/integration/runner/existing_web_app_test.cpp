// SPDX-License-Identifier: Apache-2.0
// The web application that existed before, as a strict double, drives the runner.
#include "running_runner.h"

namespace testarena::integration {
namespace {

TEST(ExistingWebApp, drivesTheRunnerWithoutAChange) {
  RunningRunner runner;
  const auto outcome =
      runProgram({"python3", TESTARENA_DOUBLES "/existing_web_app.py", "http://" + runner.address() + "/api", "main",
                  "checks/passes.sh", "checks/fails.sh", "checks/waits.sh"});
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("all as documented"), std::string::npos) << outcome.output;
}

TEST(ExistingWebApp, mayUseAnotherPrefix) {
  RunningRunner::Options options;
  options.runner = "anonymous = true\nslots = 2\nprefix = \"/remote/v0\"\n";
  RunningRunner runner(options);
  const auto outcome =
      runProgram({"python3", TESTARENA_DOUBLES "/existing_web_app.py", "http://" + runner.address() + "/remote/v0",
                  "main", "checks/passes.sh", "checks/fails.sh", "checks/waits.sh"});
  EXPECT_EQ(outcome.status, 0) << outcome.output;
}

/// The double is worth something: it stops at what is not as documented.
TEST(ExistingWebApp, theDoubleStopsAtADeviation) {
  RunningRunner runner;
  runner.queue("1", {"checks/passes"});
  const auto wrongPath =
      runProgram({"python3", TESTARENA_DOUBLES "/existing_web_app.py", "http://" + runner.address() + "/nothing",
                  "main", "checks/passes.sh", "checks/fails.sh", "checks/waits.sh"});
  EXPECT_NE(wrongPath.status, 0);
  const auto failing =
      runProgram({"python3", TESTARENA_DOUBLES "/existing_web_app.py", "http://" + runner.address() + "/api", "main",
                  "checks/fails.sh", "checks/fails.sh", "checks/waits.sh"});
  EXPECT_NE(failing.status, 0);
  EXPECT_NE(failing.output.find("verdicts"), std::string::npos) << failing.output;
}

}  // namespace
}  // namespace testarena::integration
