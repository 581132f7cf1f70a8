// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena::process {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Call kPatient(1min);

Program program(std::vector<std::string> argv) {
  Program program;
  program.argv = std::move(argv);
  program.environment = {"PATH=/usr/bin:/bin"};
  return program;
}

Program shell(const std::string& script) {
  return program({"sh", "-c", script});
}

bool isAlive(pid_t pid) {
  // A zombie that init has yet to reap is dead enough.
  std::string stat(256, '\0');
  const int file = open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const ssize_t size = read(file, stat.data(), stat.size());
  close(file);
  return size > 0 && stat.find(") Z ") == std::string::npos;
}

void waitUntilDead(pid_t pid) {
  for (const auto end = std::chrono::steady_clock::now() + 20s; isAlive(pid);) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << pid << " lives";
    usleep(5000);
  }
}

TEST(Program, keepsBothOutputsApart) {
  const Finished finished = run(shell("echo out; echo err >&2"), kPatient);
  EXPECT_TRUE(finished.succeeded());
  EXPECT_EQ(finished.output, "out\n");
  EXPECT_EQ(finished.error_output, "err\n");
  EXPECT_EQ(finished.reason, "");
}

TEST(Program, tellsExitCodeAndSignal) {
  const Finished exited = run(shell("exit 7"), kPatient);
  EXPECT_EQ(exited.ending, Ending::exited);
  EXPECT_EQ(exited.exit_code, 7);
  EXPECT_EQ(exited.reason, "sh exited with 7");

  const Finished signalled = run(shell("kill -SEGV $$"), kPatient);
  EXPECT_EQ(signalled.ending, Ending::signalled);
  EXPECT_EQ(signalled.signal, SIGSEGV);
}

TEST(Program, passesArgumentsByteForByte) {
  const std::string bytes = "a b'\"$(id)`id`;*?\n\xff\x01";
  EXPECT_EQ(run(program({"printf", "%s|%s", bytes, ""}), kPatient).output, bytes + "|");
}

TEST(Program, givesTheEnvironmentAndNothingElse) {
  setenv("TESTARENA_SECRET", "canary", 1);
  Program env = program({"env"});
  env.environment.push_back("NAME=value");
  EXPECT_EQ(run(env, kPatient).output, "PATH=/usr/bin:/bin\nNAME=value\n");
}

TEST(Program, inheritsNoDescriptor) {
  const int inherited = open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a careless library does it
  ASSERT_GT(inherited, 2);
  const Finished finished = run(shell("ls /proc/self/fd"), kPatient);
  close(inherited);
  EXPECT_EQ(finished.output, "0\n1\n2\n3\n");  // 3 is that of ls itself
}

TEST(Program, inheritsNeitherMaskNorIgnoredSignals) {
  sigset_t mask, old;
  sigfillset(&mask);
  pthread_sigmask(SIG_BLOCK, &mask, &old);
  const auto handler = std::signal(SIGPIPE, SIG_IGN);
  const Finished finished = run(program({"grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"}), kPatient);
  std::signal(SIGPIPE, handler);
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  // 32 and 33 are glibc's own, which its posix_spawn has ignored.
  EXPECT_EQ(finished.output, "SigBlk:\t0000000000000000\nSigIgn:\t0000000180000000\n");
}

TEST(Program, runsInTheFolder) {
  Program pwd = program({"pwd"});
  pwd.folder = "/usr";
  EXPECT_EQ(run(pwd, kPatient).output, "/usr\n");
  pwd.folder = "/nowhere";
  const Finished finished = run(pwd, kPatient);
  EXPECT_EQ(finished.ending, Ending::not_started);
  EXPECT_THAT(finished.reason, HasSubstr("/nowhere"));
}

TEST(Program, givesInput) {
  EXPECT_EQ(run(program({"cat"}), kPatient).output, "");
  Program cat = program({"cat"});
  cat.input = std::string(1 << 20, 'x');
  EXPECT_EQ(run(cat, kPatient).output, cat.input);
  cat.argv = {"true"};  // does not read it
  EXPECT_TRUE(run(cat, kPatient).succeeded());
}

TEST(Program, saysWhatIsMissing) {
  const Finished missing = run(program({"no-such-program"}), kPatient);
  EXPECT_EQ(missing.ending, Ending::not_started);
  EXPECT_THAT(missing.reason, HasSubstr("no-such-program was not started: there is no such program in PATH"));
  EXPECT_EQ(run(program({"/etc/passwd"}), kPatient).ending, Ending::not_started);
  EXPECT_EQ(run(Program{}, kPatient).ending, Ending::not_started);
  Program nowhere = program({"sh"});
  nowhere.environment.clear();
  EXPECT_EQ(run(nowhere, kPatient).ending, Ending::not_started);
}

TEST(Program, keepsMuchOutputWhole) {
  const Finished finished = run(shell("head -c 3000000 /dev/zero; head -c 300000 /dev/zero >&2"), kPatient);
  EXPECT_TRUE(finished.succeeded());
  EXPECT_EQ(finished.output.size(), 3000000u);
  EXPECT_EQ(finished.error_output.size(), std::size_t{64} << 10) << "errors are cut, and their writer is not held up";
}

TEST(Program, endsWhatWritesTooMuch) {
  Program endless = program({"yes"});
  endless.max_output = 1000;
  const Finished finished = run(endless, kPatient);
  EXPECT_EQ(finished.ending, Ending::too_much_output);
  EXPECT_EQ(finished.output.size(), 1000u);
  EXPECT_EQ(finished.reason, "yes wrote more than 1000 bytes");

  Program justFits = program({"head", "-c", "1000", "/dev/zero"});
  justFits.max_output = 1000;
  EXPECT_TRUE(run(justFits, kPatient).succeeded());
  justFits.max_output = 999;
  EXPECT_EQ(run(justFits, kPatient).ending, Ending::too_much_output);
}

TEST(Program, endsTheWholeGroupAtTheDeadline) {
  const Finished finished = run(shell("sleep 1000 & echo $!; wait"), Call(300ms));
  EXPECT_EQ(finished.ending, Ending::deadline);
  EXPECT_EQ(finished.reason, "sh was ended: its time was over");
  waitUntilDead(std::stoi(finished.output));
}

TEST(Program, endsWhenTheCallIsTakenBack) {
  std::atomic<int> looks = 0;
  const Finished finished = run(program({"sleep", "1000"}), Call(1min, "", [&] { return ++looks > 2; }));
  EXPECT_EQ(finished.ending, Ending::cancelled);
}

TEST(Program, leavesNothingOfTheGroupBehind) {
  const Finished finished = run(shell("sleep 1000 & echo $!"), kPatient);
  EXPECT_TRUE(finished.succeeded());
  waitUntilDead(std::stoi(finished.output));
}

// It still has the pipe, and would be waited for if the end of the pipe were.
TEST(Program, doesNotWaitForWhatLeftTheGroup) {
  const Finished finished = run(shell("setsid sleep 1000 & echo $!; sleep 0.2"), kPatient);
  EXPECT_TRUE(finished.succeeded());
  kill(std::stoi(finished.output), SIGKILL);
}

TEST(Program, worksWithStandardStreamsClosed) {
  const int out = dup(STDOUT_FILENO), in = dup(STDIN_FILENO), err = dup(STDERR_FILENO);
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  const Finished finished = run(shell("cat; echo out; echo err >&2"), kPatient);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  for (const int copy : {in, out, err}) close(copy);
  EXPECT_TRUE(finished.succeeded()) << finished.reason;
  EXPECT_EQ(finished.output, "out\n");
  EXPECT_EQ(finished.error_output, "err\n");
}

TEST(Program, keepsNoDescriptorOpen) {
  const auto count = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
  };
  const auto before = count();
  for (int i = 0; i < 5; ++i) {
    run(shell("exit 3"), kPatient);
    run(program({"no-such-program"}), kPatient);
    run(program({"sleep", "10"}), Call(1ms));
  }
  EXPECT_EQ(count(), before);
}

}  // namespace
}  // namespace testarena::process
