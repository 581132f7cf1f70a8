// SPDX-License-Identifier: Apache-2.0
#include "process_tree.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <unordered_set>

extern "C" {  // glibc 2.36 leaves it out
#include <sys/pidfd.h>
}

#include "descriptor.h"

namespace testarena::local_executor {

using process::Descriptor;

namespace {

struct Process {
  pid_t pid;
  pid_t parent;
};

std::string readProc(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; file && (count = read(file.get(), buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;  // empty for a process that is gone
}

/// Calls `visit` with the number of each entry of a /proc folder that is one.
template <class Visit>
void forEachNumber(const std::string& folder, Visit visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(folder.c_str()), closedir);
  if (!directory) return;
  while (const dirent* entry = readdir(directory.get())) {
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') visit(std::string(entry->d_name));
  }
}

void appendChildren(pid_t parent, std::vector<Process>& out) {
  const std::string tasks = "/proc/" + std::to_string(parent) + "/task";
  forEachNumber(tasks, [&](const std::string& thread) {  // children are listed by the thread that made them
    const std::string list = readProc(tasks + "/" + thread + "/children");
    for (const char* at = list.c_str(); *at != '\0';) {
      char* end = nullptr;
      const long pid = std::strtol(at, &end, 10);
      if (end == at) break;
      if (pid > 0) out.push_back({static_cast<pid_t>(pid), parent});
      at = *end == ' ' ? end + 1 : end;
    }
  });
}

/// Parents before their children.
std::vector<Process> descendants() {
  std::vector<Process> all;
  appendChildren(getpid(), all);
  for (std::size_t i = 0; i < all.size(); ++i) appendChildren(all[i].pid, all);
  return all;
}

/// Field 4 of /proc/PID/stat; the name in field 2 may hold anything but ends with the last `)`.
pid_t parentOf(pid_t pid) {
  const std::string text = readProc("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name = text.rfind(')');
  if (name == std::string::npos || name + 4 > text.size()) return 0;
  return static_cast<pid_t>(std::strtol(text.c_str() + name + 4, nullptr, 10));  // ") S 123"
}

/// A process id found in /proc may belong to a stranger by now. The descriptor stays with one process, and whoever has
/// the parent we saw, or us, is in our tree.
void sendSignal(const Process& process, int number) {
  const Descriptor handle(pidfd_open(process.pid, 0));
  if (!handle) return;
  const pid_t parent = parentOf(process.pid);
  if (parent != process.parent && parent != getpid()) return;
  pidfd_send_signal(handle.get(), number, nullptr, 0);
}

/// Holds all that is there, so that nothing can fork while the rest is looked for.
std::vector<Process> stopAll() {
  constexpr int kMostPasses = 200;
  std::unordered_set<pid_t> stopped;
  std::vector<Process> all;
  for (int pass = 0; pass < kMostPasses; ++pass) {
    all = descendants();
    bool found = false;
    for (const Process& process : all) {
      if (!stopped.insert(process.pid).second) continue;
      sendSignal(process, SIGSTOP);
      found = true;
    }
    if (!found) break;
  }
  return all;
}

}  // namespace

void ProcessTree::becomeRoot() {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    throw std::system_error(errno, std::generic_category(), "become the reaper of orphans");
  }
}

bool ProcessTree::reap() {
  for (;;) {
    int status = 0;
    const pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);
    if (pid == main_) mainStatus_ = status;
    if (pid == 0) return true;
    if (pid < 0 && errno != EINTR) return false;
  }
}

std::size_t ProcessTree::count() const {
  return descendants().size();
}

void ProcessTree::terminate() const {
  if (!mainStatus_) ::kill(-main_, SIGTERM);
}

bool ProcessTree::kill(std::chrono::milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point giveUp = Clock::now() + patience;
  std::chrono::milliseconds pause{1};
  while (reap()) {
    if (Clock::now() > giveUp) return false;
    for (const Process& process : stopAll()) sendSignal(process, SIGKILL);
    for (int i = 0; i < 10 && reap(); ++i) std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(50));
  }
  return true;
}

rlim_t countTasksOf(uid_t user) {
  rlim_t tasks = 0;
  forEachNumber("/proc", [&](const std::string& pid) {
    struct stat status = {};
    if (stat(("/proc/" + pid + "/task").c_str(), &status) != 0 || status.st_uid != user) return;
    tasks += status.st_nlink > 2 ? static_cast<rlim_t>(status.st_nlink - 2) : 1;
  });
  return tasks;
}

}  // namespace testarena::local_executor
