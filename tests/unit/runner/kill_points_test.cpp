// SPDX-License-Identifier: Apache-2.0
// A process that keeps queues is killed before each single call to the system that changes a file, one after the other:
// whatever was acknowledged is there, and what was not is there whole or not at all.
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "queue_store.h"
#include "queues.h"
#include "temporary_folder.h"

namespace testarena::runner {
namespace {

const std::set<std::uint64_t> kChanging = {SYS_write,     SYS_pwrite64,  SYS_writev, SYS_fsync,    SYS_fdatasync,
                                           SYS_ftruncate, SYS_fallocate, SYS_unlink, SYS_unlinkat, SYS_rename};

bool changesAFile(const struct __ptrace_syscall_info& info) {
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return false;
  if (info.entry.nr == SYS_openat) return (info.entry.args[2] & O_CREAT) != 0;
  return kChanging.count(info.entry.nr) > 0;
}

/// What the child does, in this order; it says so on standard output after each step.
const std::vector<std::string> kSteps = {"added", "updated", "marked", "erased"};

struct Killed {
  bool finished = false;          ///< it came to its end before
  std::vector<std::string> said;  ///< the steps that it has acknowledged
};

/// Runs `store_child once FOLDER` until its `call`-th changing call, counted from 1, and kills it before that is made.
Killed runUntil(int call, const std::filesystem::path& folder) {
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execl(TESTARENA_STORAGE_CHILD, TESTARENA_STORAGE_CHILD, "once", folder.c_str(), nullptr);
    _exit(127);
  }
  close(out[1]);
  Killed killed;
  int status = 0;
  waitpid(child, &status, 0);  // stopped by its exec
  ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  int calls = 0;
  long signal = 0;
  for (;;) {
    if (ptrace(PTRACE_SYSCALL, child, nullptr, signal) != 0) throw std::runtime_error("the child cannot be traced");
    signal = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      killed.finished = true;
      break;
    }
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
      signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
      continue;
    }
    struct __ptrace_syscall_info info {};
    ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info);
    if (!changesAFile(info) || ++calls < call) continue;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    break;
  }
  std::string text;
  char buffer[4096];
  for (ssize_t size = 0; (size = read(out[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(size));
  close(out[0]);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;
    killed.said.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return killed;
}

/// How many steps the files show as done.
std::size_t stepsDone(const std::filesystem::path& folder) {
  QueueStore store(folder / "queues.db");
  const auto queues = store.queues();
  const bool isRemembered = store.removedIds().count("7") > 0;
  if (queues.empty()) return isRemembered ? 4 : 0;
  EXPECT_EQ(queues.size(), 1U);
  const Queue& queue = queues.front();
  EXPECT_TRUE(queue.accepted == test::storedQueue().accepted) << "nothing of it is cut or mixed";
  if (isRemembered != queue.progress.removal_asked) ADD_FAILURE() << "half of a removal";
  if (isRemembered) return 3;
  if (queue.progress.phase == Phase::waiting) return 1;
  EXPECT_EQ(queue.progress.handle, "handle");
  return 2;
}

TEST(KillPoints, beforeEveryCallThatChangesAFile) {
  int points = 0;
  std::set<std::size_t> seen;
  for (int call = 1;; ++call) {
    const testarena::test::TemporaryFolder folder;
    const Killed killed = runUntil(call, folder.path());
    const std::size_t done = stepsDone(folder.path());
    seen.insert(done);
    ASSERT_LE(killed.said.size(), kSteps.size());
    EXPECT_GE(done, killed.said.size()) << "killed before call " << call << ": what was acknowledged is lost";
    EXPECT_LE(done, killed.said.size() + 1) << "killed before call " << call;
    // Whoever comes next can go on with it.
    QueueStore store(folder.path() / "queues.db");
    store.markRemoved("another", nullptr);
    if (killed.finished) {
      EXPECT_EQ(killed.said, kSteps);
      break;
    }
    ++points;
  }
  EXPECT_GE(points, 20) << "it was killed at many places";
  EXPECT_EQ(seen, (std::set<std::size_t>{0, 1, 2, 3, 4})) << "each state in between was met";
  std::cout << points << " places\n";
}

}  // namespace
}  // namespace testarena::runner
