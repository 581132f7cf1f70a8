// SPDX-License-Identifier: Apache-2.0
// What a scenario gets on another machine, and what it does not see.
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ssh_laboratory.h"

namespace testarena {
namespace {

using test::SshLaboratory;
using testing::HasSubstr;

std::set<std::string> lines(const std::string& text) {
  std::set<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) result.insert(line);
  return result;
}

TEST(SshExecutorIsolation, aScenarioHasOnlyTheConfiguredEnvironment) {
  SshLaboratory lab;
  lab.settings.variables = {"LAB=north wing; $(id) 'quoted'", "LANG=C"};
  lab.write(".testarena.toml",
            "[setup]\ncommand = [\"/usr/bin/env\"]\n"
            "[[scenarios]]\nname = \"env\"\ncommand = [\"/usr/bin/env\"]\n");
  lab.submit("7", {"env"});
  EXPECT_EQ(lab.waitForEnd("7").state, State::passed);
  const std::string job = lab.jobFolder("7").string();
  std::set<std::string> expected = {"PATH=/usr/local/bin:/usr/bin:/bin",
                                    "LAB=north wing; $(id) 'quoted'",
                                    "LANG=C",
                                    "HOME=" + job + "/checkout",
                                    "TESTARENA_JOB=7",
                                    "TESTARENA_OUTPUT=" + job + "/setup/output"};
  EXPECT_EQ(lines(lab.log("7", "")), expected);
  expected.erase("TESTARENA_OUTPUT=" + job + "/setup/output");
  expected.insert({"TESTARENA_SCENARIO=env", "TESTARENA_ATTEMPT=1", "TESTARENA_OUTPUT=" + job + "/runs/0/output"});
  EXPECT_EQ(lines(lab.log("7", "env")), expected);
}

TEST(SshExecutorIsolation, aScenarioHasNoDescriptorButTheThreeAndAnEmptyInput) {
  SshLaboratory lab;
  const RunStatus run = lab.runScript("echo /proc/self/fd/*\nreadlink /proc/self/fd/0\nwc -c\n");
  EXPECT_EQ(run.state, State::passed);
  const std::string log = lab.log(lab.lastJob(), run.scenario);
  // 10 is dash's own descriptor of the script it reads, 3 the folder that it lists.
  EXPECT_THAT(log, testing::MatchesRegex("/proc/self/fd/0 /proc/self/fd/1( /proc/self/fd/10)? /proc/self/fd/2"
                                         "( /proc/self/fd/3)?\n/dev/null\n0\n"))
      << log;
}

TEST(SshExecutorIsolation, aScenarioHasDefaultSignalsMaskAndLimits) {
  SshLaboratory lab;
  const RunStatus run = lab.runScript("grep -E '^Sig(Blk|Ign):' /proc/self/status\numask\nulimit -c\nulimit -n\npwd\n");
  // The two of the C library, 32 and 33, are as the machine's sshd was started: no shell can change them.
  EXPECT_THAT(
      lab.log(lab.lastJob(), run.scenario),
      testing::MatchesRegex("SigBlk:\t0000000000000000\nSigIgn:\t(0000000180000000|0000000000000000)\n0022\n0\n1024\n" +
                            lab.checkout(lab.lastJob()).string() + "\n"));
}

TEST(SshExecutorIsolation, aScenarioRunsExactlyItsCommitInARepositoryOfItsOwn) {
  SshLaboratory lab;
  lab.script("which",
             "git rev-parse HEAD\ngit describe --tags\ngit commit -q --allow-empty -m x 2>/dev/null\n"
             "git tag mine\ncat scenarios/which.sh | head -c 3\n");
  lab.executor();
  lab.repository().tag("v1");
  const Submission submission = lab.submission("1", {"scenarios/which"});
  lab.script("which", "echo something else\n");
  lab.repository().commit("later");
  lab.submit("1", {"scenarios/which"});
  EXPECT_EQ(lab.waitForEnd("1").state, State::passed);
  EXPECT_EQ(lab.log("1", "scenarios/which"), submission.commit + "\nv1\ngit");
  EXPECT_EQ(lab.repository().git({"tag", "--list", "mine"}), "");
}

TEST(SshExecutorIsolation, hostileNamesStayWords) {
  SshLaboratory lab;
  const std::string canary = (lab.server().home() / "canary").string();
  const std::string name = "a'b \"$(touch " + canary + ")\" `touch " + canary + "`; touch " + canary + " #";
  std::string escaped;
  for (const char c : name) escaped += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  lab.write(".testarena.toml", "[[scenarios]]\nname = \"" + escaped +
                                   "\"\ncommand = [\"printf\", \"%s|%s\", \"{name}\", \"$(touch x)\"]\n");
  Submission submission = lab.submission("1", {name});
  submission.user = "$(touch " + canary + ")\nreturn 0\n#record";
  submission.branch = "'; touch " + canary + "; '";
  Call call(std::chrono::seconds(60));
  lab.executor().submit(submission, call);
  const JobStatus job = lab.waitForEnd("1");
  EXPECT_EQ(job.state, State::passed) << job.reason;
  EXPECT_EQ(lab.log("1", name), name + "|$(touch x)");
  EXPECT_FALSE(std::filesystem::exists(canary));
  EXPECT_EQ(lab.executor().submit(submission, call).handle, "1") << "known with the same content";
  lab.remove("1");
}

TEST(SshExecutorIsolation, aRepositoryThatCannotBeReadIsSaid) {
  SshLaboratory lab;
  lab.script("a", "");
  lab.executor();
  std::filesystem::rename(lab.repository().path(), lab.server().folder() / "away");
  Call call(std::chrono::seconds(60));
  try {
    lab.executor().submit(lab.submission("1", {"scenarios/a"}), call);
    ADD_FAILURE() << "it was taken";
  } catch (const Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr(lab.repository().path().string()));
  }
  const Health health = lab.executor().health({}, call);
  EXPECT_EQ(health.state, HealthState::down);
  EXPECT_THAT(health.message, HasSubstr(lab.repository().path().string()));
}

TEST(SshExecutorIsolation, settingsThatMakeNoSenseAreRefusedWithTheirKey) {
  SshLaboratory lab;
  const auto refusedKey = [&](auto change) {
    ssh_executor::Settings settings = lab.settings;
    change(settings);
    try {
      ssh_executor::SshExecutor(settings, Host(std::make_shared<test::TestHost>()));
    } catch (const Invalid& error) {
      return error.pointer();
    }
    return std::string("accepted");
  };
  using S = ssh_executor::Settings;
  EXPECT_EQ(refusedKey([](S& s) { s.slots = 0; }), "/slots");
  EXPECT_EQ(refusedKey([](S& s) { s.variables = {"A=b", "no variable"}; }), "/variables/1");
  EXPECT_EQ(refusedKey([](S& s) { s.variables = {"HOME=/root"}; }), "/variables/0");
  EXPECT_EQ(refusedKey([](S& s) { s.folder = "~/x"; }), "/folder");
  EXPECT_EQ(refusedKey([](S& s) { s.repository = "https://example.invalid/x.git"; }), "/repository");
  EXPECT_EQ(refusedKey([](S& s) { s.repository = "relative"; }), "/repository");
  EXPECT_EQ(refusedKey([](S& s) { s.host = "$(id)"; }), "/host");
  EXPECT_EQ(refusedKey([](S& s) { s.known_hosts_file.clear(); }), "/known_hosts_file");
  EXPECT_EQ(refusedKey([](S&) {}), "accepted");
}

}  // namespace
}  // namespace testarena
