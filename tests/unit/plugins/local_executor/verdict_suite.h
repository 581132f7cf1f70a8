// SPDX-License-Identifier: Apache-2.0
// How runs end, from real processes: the same, in the same words, wherever the processes are. Each executor of this
// family instantiates it over its laboratory.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "laboratory.h"

namespace testarena {

template <class Lab>
class ExecutorVerdicts : public testing::Test {
 protected:
  Lab lab;
};

TYPED_TEST_SUITE_P(ExecutorVerdicts);

TYPED_TEST_P(ExecutorVerdicts, aScriptThatSucceedsHasPassed) {
  TypeParam& lab = this->lab;
  const RunStatus run = lab.runScript("echo hello\necho oops >&2\n");
  EXPECT_EQ(run.state, State::passed) << run.reason;
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.reason, "");
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario), "hello\noops\n");
  EXPECT_EQ(run.log_bytes, 11);
  ASSERT_TRUE(run.started_at && run.finished_at);
  EXPECT_LE(*run.started_at, *run.finished_at);
}

TYPED_TEST_P(ExecutorVerdicts, anExitCodeOtherThanZeroHasFailed) {
  TypeParam& lab = this->lab;
  const RunStatus run = lab.runScript("exit 3\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.reason, "");
}

TYPED_TEST_P(ExecutorVerdicts, exitCode77IsSkipped) {
  TypeParam& lab = this->lab;
  const RunStatus run = lab.runScript("exit 77\n");
  EXPECT_EQ(run.state, State::skipped);
  EXPECT_EQ(lab.status(lab.lastJob()).state, State::passed);
}

TYPED_TEST_P(ExecutorVerdicts, aSignalIsFailedAndNamed) {
  TypeParam& lab = this->lab;
  const RunStatus run = lab.runScript("kill -SEGV $$\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "ended by signal 11 (SIGSEGV)");
  EXPECT_FALSE(run.exit_code.has_value());
}

TYPED_TEST_P(ExecutorVerdicts, theTimeLimitIsFailedAndSaysSo) {
  TypeParam& lab = this->lab;
  lab.write(".testarena.toml",
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\ntimeout_s = 1\n");
  const RunStatus run = lab.runScript("echo before\nsleep 600\necho after\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "ran longer than 1 s");
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario), "before\n");
}

TYPED_TEST_P(ExecutorVerdicts, whatIgnoresTermIsKilledAfterTheGrace) {
  TypeParam& lab = this->lab;
  lab.write(".testarena.toml",
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\ntimeout_s = 1\n");
  const RunStatus run = lab.runScript("trap 'echo not me' TERM\nwhile :; do sleep 0.05; done\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "ran longer than 1 s");
  // The shell may say that its `sleep` was terminated before it says its own.
  EXPECT_THAT(lab.log(lab.lastJob(), run.scenario), testing::HasSubstr("not me\n"))
      << "what it writes in its grace is kept";
}

TYPED_TEST_P(ExecutorVerdicts, theOutputLimitIsFailedAndTheLogEndsThere) {
  TypeParam& lab = this->lab;
  lab.settings.output_limit = 100 << 10;
  const RunStatus run = lab.runScript("yes all work and no play\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "wrote more than 100 KiB");
  EXPECT_EQ(run.log_bytes, 100 << 10);
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario).size(), std::size_t{100} << 10);
}

TYPED_TEST_P(ExecutorVerdicts, exactlyTheOutputLimitIsAllowed) {
  TypeParam& lab = this->lab;
  lab.settings.output_limit = 1000;
  EXPECT_EQ(lab.runScript("head -c 1000 /dev/zero\n").state, State::passed);
}

TYPED_TEST_P(ExecutorVerdicts, aCommandThatIsNotThereIsFailed) {
  TypeParam& lab = this->lab;
  lab.write(".testarena.toml",
            "[[scenarios]]\nname = \"gone\"\ncommand = [\"./no/such/tool\", \"x\"]\n"
            "[[scenarios]]\nname = \"text\"\ncommand = [\"./.testarena.toml\"]\n");
  lab.submit("1", {"gone", "text"});
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.state, State::failed);
  EXPECT_EQ(job.runs[0].state, State::failed);
  EXPECT_EQ(job.runs[0].reason, "command not found: ./no/such/tool");
  EXPECT_EQ(job.runs[1].state, State::failed);
  EXPECT_EQ(job.runs[1].reason, "cannot run ./.testarena.toml: Permission denied");
}

TYPED_TEST_P(ExecutorVerdicts, bytesOfTheLogAreNotAltered) {
  TypeParam& lab = this->lab;
  const RunStatus run = lab.runScript("printf 'a\\000b\\377\\033[1m\\r\\n'\nhead -c 3000000 /dev/zero | tr '\\0' z\n");
  const std::string log = lab.log(lab.lastJob(), run.scenario);
  using namespace std::string_literals;
  EXPECT_EQ(log, "a\0b\xff\x1b[1m\r\n"s + std::string(3'000'000, 'z'));
}

TYPED_TEST_P(ExecutorVerdicts, setupRunsOnceAndItsOutputIsTheLogOfTheJob) {
  TypeParam& lab = this->lab;
  lab.write(".testarena.toml",
            "[setup]\ncommand = [\"sh\", \"-c\", \"echo building $TESTARENA_JOB {commit}; echo x >> built\"]\n"
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\n");
  lab.script("a", "cat built\n");
  lab.script("b", "cat built\n");
  lab.submit("7", {"scenarios/a", "scenarios/b"});
  const JobStatus job = lab.waitForEnd("7");
  EXPECT_EQ(job.state, State::passed) << job.reason;
  const std::string expected = "building 7 " + lab.submission("7", {}).commit + "\n";
  EXPECT_EQ(lab.log("7", ""), expected);
  EXPECT_EQ(job.log_bytes, static_cast<int64_t>(expected.size()));
  EXPECT_EQ(lab.log("7", "scenarios/a"), "x\n");
  EXPECT_EQ(lab.log("7", "scenarios/b"), "x\n");
}

TYPED_TEST_P(ExecutorVerdicts, aSetupThatFailsIsAnErrorOfEveryRunAndNoneStarts) {
  TypeParam& lab = this->lab;
  lab.write(".testarena.toml",
            "[setup]\ncommand = [\"sh\", \"-c\", \"echo no compiler; exit 4\"]\n"
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\n");
  lab.script("a", "touch /tmp/testarena-must-not-run\n");
  lab.script("b", "");
  lab.submit("1", {"scenarios/a", "scenarios/b"});
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.state, State::errored);
  EXPECT_EQ(job.reason, "the setup failed: exit code 4");
  for (const RunStatus& run : job.runs) {
    EXPECT_EQ(run.state, State::errored);
    EXPECT_EQ(run.reason, "the setup failed: exit code 4");
    EXPECT_FALSE(run.started_at.has_value());
  }
  EXPECT_EQ(lab.log("1", ""), "no compiler\n");
  EXPECT_EQ(lab.log("1", "scenarios/a"), "");
  lab.restart();
  EXPECT_EQ(lab.status("1"), job);
}

TYPED_TEST_P(ExecutorVerdicts, runsStartInTheOrderGivenAndAsManyAtOnceAsThereAreSlots) {
  TypeParam& lab = this->lab;
  for (const char* name : {"a", "b", "c"}) lab.script(name, "while [ ! -e go ]; do sleep 0.02; done\n");
  lab.submit("1", {"scenarios/c", "scenarios/a", "scenarios/b"});
  const JobStatus begun =
      lab.waitFor("1", [](const JobStatus& job) { return job.runs[1].state == State::in_progress; });
  EXPECT_EQ(begun.runs[0].state, State::in_progress);
  EXPECT_EQ(begun.runs[2].state, State::waiting);
  lab.submit("2", {"scenarios/a"});
  EXPECT_EQ(lab.status("2").state, State::waiting);
  EXPECT_EQ(lab.status("2").reason, "waits for a slot");
  Call call(std::chrono::seconds(30));
  const Health health = lab.executor().health({}, call);
  EXPECT_EQ(health.slots, 2);
  EXPECT_EQ(health.slots_used, 2);
  EXPECT_GE(health.queued, 1);
  test::writeFile(lab.checkout("1") / "go", "");
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
  lab.waitFor("2", [](const JobStatus& job) { return job.runs[0].state == State::in_progress; });
  test::writeFile(lab.checkout("2") / "go", "");
  EXPECT_EQ(lab.waitForEnd("2").state, State::passed);
}

TYPED_TEST_P(ExecutorVerdicts, whatARunLeavesInItsFoldersIsKept) {
  TypeParam& lab = this->lab;
  lab.write(".testarena.toml",
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\n"
            "[results]\njunit = [\"reports/**/*.xml\"]\nartifacts = [\"*.txt\", \"old/*\"]\n");
  lab.write("old/there.txt", "from the commit: not written by the run");
  const RunStatus run = lab.runScript(
      "mkdir -p reports/deep \"$TESTARENA_OUTPUT/sub\"\necho r > reports/deep/r.xml\n"
      "echo n > notes.txt\necho o > \"$TESTARENA_OUTPUT/sub/own\"\n"
      "ln -s /etc/passwd link.txt\nln -s /etc/passwd \"$TESTARENA_OUTPUT/link\"\n");
  Call call(std::chrono::seconds(30));
  const std::string job = lab.lastJob();
  std::vector<std::string> names;
  for (const Artifact& artifact : lab.executor().list_artifacts({job, job, run.scenario, 1}, call).artifacts) {
    names.push_back(artifact.name);
  }
  EXPECT_THAT(names, testing::ElementsAre("notes.txt", "reports/deep/r.xml", "sub/own"));
  const auto read = [&](const std::string& name) {
    return std::string(lab.executor().read_artifact({job, job, run.scenario, 1, name, 0, 100}, call).data.view());
  };
  EXPECT_EQ(read("reports/deep/r.xml"), "r\n");
  EXPECT_EQ(read("sub/own"), "o\n");
  EXPECT_THROW(read("link"), NotFound);
  EXPECT_THROW(read("link.txt"), NotFound);
}

REGISTER_TYPED_TEST_SUITE_P(ExecutorVerdicts, aScriptThatSucceedsHasPassed, anExitCodeOtherThanZeroHasFailed,
                            exitCode77IsSkipped, aSignalIsFailedAndNamed, theTimeLimitIsFailedAndSaysSo,
                            whatIgnoresTermIsKilledAfterTheGrace, theOutputLimitIsFailedAndTheLogEndsThere,
                            exactlyTheOutputLimitIsAllowed, aCommandThatIsNotThereIsFailed, bytesOfTheLogAreNotAltered,
                            setupRunsOnceAndItsOutputIsTheLogOfTheJob, aSetupThatFailsIsAnErrorOfEveryRunAndNoneStarts,
                            runsStartInTheOrderGivenAndAsManyAtOnceAsThereAreSlots, whatARunLeavesInItsFoldersIsKept);

}  // namespace testarena
