// SPDX-License-Identifier: Apache-2.0
// How runs end, from real processes.
#include <gtest/gtest.h>

#include "laboratory.h"

namespace testarena {
namespace {

using test::Laboratory;

TEST(LocalExecutorVerdicts, aScriptThatSucceedsHasPassed) {
  Laboratory lab;
  const RunStatus run = lab.runScript("echo hello\necho oops >&2\n");
  EXPECT_EQ(run.state, State::passed) << run.reason;
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.reason, "");
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario), "hello\noops\n");
  EXPECT_EQ(run.log_bytes, 11);
  ASSERT_TRUE(run.started_at && run.finished_at);
  EXPECT_LE(*run.started_at, *run.finished_at);
}

TEST(LocalExecutorVerdicts, anExitCodeOtherThanZeroHasFailed) {
  Laboratory lab;
  const RunStatus run = lab.runScript("exit 3\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.reason, "");
}

TEST(LocalExecutorVerdicts, exitCode77IsSkipped) {
  Laboratory lab;
  EXPECT_EQ(lab.runScript("exit 77\n").state, State::skipped);
}

TEST(LocalExecutorVerdicts, aSignalIsFailedAndNamed) {
  Laboratory lab;
  const RunStatus run = lab.runScript("kill -SEGV $$\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "ended by signal 11 (SIGSEGV)");
  EXPECT_FALSE(run.exit_code.has_value());
}

}  // namespace
}  // namespace testarena
