// SPDX-License-Identifier: Apache-2.0
// How runs end on another machine: the same as here, in the same words (compare local_executor/verdicts_test.cpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ssh_laboratory.h"

namespace testarena {
namespace {

using test::SshLaboratory;

TEST(SshExecutorVerdicts, aScriptThatSucceedsHasPassed) {
  SshLaboratory lab;
  const RunStatus run = lab.runScript("echo hello\necho oops >&2\n");
  EXPECT_EQ(run.state, State::passed) << run.reason;
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.reason, "");
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario), "hello\noops\n");
  EXPECT_EQ(run.log_bytes, 11);
  ASSERT_TRUE(run.started_at && run.finished_at);
  EXPECT_LE(*run.started_at, *run.finished_at);
}

TEST(SshExecutorVerdicts, anExitCodeOtherThanZeroHasFailed) {
  SshLaboratory lab;
  const RunStatus run = lab.runScript("exit 3\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.reason, "");
}

TEST(SshExecutorVerdicts, exitCode77IsSkipped) {
  SshLaboratory lab;
  const RunStatus run = lab.runScript("exit 77\n");
  EXPECT_EQ(run.state, State::skipped);
  EXPECT_EQ(lab.status(lab.lastJob()).state, State::passed);
}

TEST(SshExecutorVerdicts, aSignalIsFailedAndNamed) {
  SshLaboratory lab;
  const RunStatus run = lab.runScript("kill -SEGV $$\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "ended by signal 11 (SIGSEGV)");
  EXPECT_FALSE(run.exit_code.has_value());
}

TEST(SshExecutorVerdicts, theTimeLimitIsFailedAndSaysSo) {
  SshLaboratory lab;
  lab.write(".testarena.toml",
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\ntimeout_s = 1\n");
  const RunStatus run = lab.runScript("echo before\nsleep 600\necho after\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "ran longer than 1 s");
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario), "before\n");
}

TEST(SshExecutorVerdicts, whatIgnoresTermIsKilledAfterTheGrace) {
  SshLaboratory lab;
  lab.write(".testarena.toml",
            "[[scenarios]]\nglob = \"scenarios/*.sh\"\ncommand = [\"sh\", \"{path}\"]\ntimeout_s = 1\n");
  const RunStatus run = lab.runScript("trap 'echo not me' TERM\nwhile :; do sleep 0.05; done\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "ran longer than 1 s");
  // The shell may say that its `sleep` was terminated before it says its own.
  EXPECT_THAT(lab.log(lab.lastJob(), run.scenario), testing::HasSubstr("not me\n"))
      << "what it writes in its grace is kept";
}

TEST(SshExecutorVerdicts, theOutputLimitIsFailedAndTheLogEndsThere) {
  SshLaboratory lab;
  lab.settings.output_limit = 100 << 10;
  const RunStatus run = lab.runScript("yes all work and no play\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "wrote more than 100 KiB");
  EXPECT_EQ(run.log_bytes, 100 << 10);
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario).size(), std::size_t{100} << 10);
}

TEST(SshExecutorVerdicts, exactlyTheOutputLimitIsAllowed) {
  SshLaboratory lab;
  lab.settings.output_limit = 1000;
  EXPECT_EQ(lab.runScript("head -c 1000 /dev/zero\n").state, State::passed);
}

TEST(SshExecutorVerdicts, aCommandThatIsNotThereIsFailed) {
  SshLaboratory lab;
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

TEST(SshExecutorVerdicts, bytesOfTheLogAreNotAltered) {
  SshLaboratory lab;
  const RunStatus run = lab.runScript("printf 'a\\000b\\377\\033[1m\\r\\n'\nhead -c 3000000 /dev/zero | tr '\\0' z\n");
  const std::string log = lab.log(lab.lastJob(), run.scenario);
  using namespace std::string_literals;
  EXPECT_EQ(log, "a\0b\xff\x1b[1m\r\n"s + std::string(3'000'000, 'z'));
}

TEST(SshExecutorVerdicts, setupRunsOnceAndItsOutputIsTheLogOfTheJob) {
  SshLaboratory lab;
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

TEST(SshExecutorVerdicts, aSetupThatFailsIsAnErrorOfEveryRunAndNoneStarts) {
  SshLaboratory lab;
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

TEST(SshExecutorVerdicts, runsStartInTheOrderGivenAndAsManyAtOnceAsThereAreSlots) {
  SshLaboratory lab;
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

TEST(SshExecutorVerdicts, whatARunLeavesInItsFoldersIsKept) {
  SshLaboratory lab;
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

TEST(SshExecutorVerdicts, theOutputLimitCountsToTheByte) {
  SshLaboratory lab;
  lab.settings.output_limit = 1000;  // no multiple of the blocks that a shell's limit counts in
  const RunStatus run = lab.runScript("head -c 1001 /dev/zero\n");
  EXPECT_EQ(run.state, State::failed);
  EXPECT_EQ(run.reason, "wrote more than 1000 bytes");
  EXPECT_EQ(run.log_bytes, 1000);
  EXPECT_EQ(lab.log(lab.lastJob(), run.scenario).size(), 1000u);
}

TEST(SshExecutorVerdicts, signalsAndCodesThatLookLikeThemAreToldApart) {
  SshLaboratory lab;
  EXPECT_EQ(lab.runScript("exit 139\n").exit_code, 139);
  EXPECT_EQ(lab.runScript("exit 255\n").exit_code, 255);
  EXPECT_EQ(lab.runScript("kill -KILL $$\n").reason, "ended by signal 9 (SIGKILL)");
  EXPECT_EQ(lab.runScript("kill -INT $$\n").reason, "ended by signal 2 (SIGINT)");
}

TEST(SshExecutorVerdicts, aProgramWhoseInterpreterIsNotThereIsNotFound) {
  SshLaboratory lab;
  lab.write(".testarena.toml", "[[scenarios]]\nname = \"odd\"\ncommand = [\"./odd\"]\n");
  lab.write("odd", "#!/no/such/interpreter -x\n");
  std::filesystem::permissions(lab.repository().path() / "odd", std::filesystem::perms(0755));
  lab.submit("1", {"odd"});
  EXPECT_EQ(lab.waitForEnd("1").runs[0].reason, "command not found: ./odd");
  EXPECT_EQ(lab.log("1", "odd"), "");
}

TEST(SshExecutorVerdicts, whatARunLeavesRunningEndsWithIt) {
  SshLaboratory lab;
  lab.script("leaves",
             "(setsid sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 600' &)\n"
             "sleep 601 &\necho $! > child.new; mv child.new child\n"
             "while [ ! -e daemon ]; do sleep 0.01; done\n");
  lab.submit("1", {"scenarios/leaves"});
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
  EXPECT_FALSE(test::isAlive(std::stoi(test::waitForFile(lab.checkout("1") / "daemon"))));
  EXPECT_FALSE(test::isAlive(std::stoi(test::waitForFile(lab.checkout("1") / "child"))));
}

TEST(SshExecutorVerdicts, aTreeThatForksFasterThanOneCanKillEndsAsWell) {
  SshLaboratory lab;
  lab.script("forks", "for i in 1 2 3; do (while :; do setsid sleep 3 & sleep 0.02; done) & done\nwait\n");
  lab.submit("1", {"scenarios/forks"});
  lab.waitUntilRunning("1");
  lab.abort("1");
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.runs[0].state, State::aborted);
  EXPECT_EQ(job.runs[0].reason, "");
}

TEST(SshExecutorVerdicts, testsOfAListerAreRefusedInWords) {
  SshLaboratory lab;
  lab.write(".testarena.toml", "[[scenarios]]\nlister = \"ctest\"\n");
  Call call(std::chrono::seconds(60));
  try {
    lab.executor().submit(lab.submission("1", {"ctest"}), call);
    ADD_FAILURE() << "it was taken";
  } catch (const Invalid& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("tests of ctest cannot be run by ssh_executor"));
  }
  EXPECT_EQ(lab.status("1").state, State::unknown);
}

}  // namespace
}  // namespace testarena
