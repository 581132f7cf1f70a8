// SPDX-License-Identifier: Apache-2.0
#include "leftovers.h"

#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <memory>
#include <optional>
#include <unistd.h>

extern "C" {  // glibc 2.36 leaves it out
#include <sys/pidfd.h>
}

#include "descriptor.h"
#include "durable.h"

namespace testarena::local_executor {
namespace {

constexpr int kMostPasses = 100;  // each kills what there is; whoever forks faster than that is not stopped from here

bool hasVariable(const std::string& pid, const std::string& variable) {
  try {
    const std::string text = readIfThere("/proc/" + pid + "/environ").value_or("");
    const std::string wanted = std::string(1, '\0') + variable + '\0';
    return ('\0' + text).find(wanted) != std::string::npos;
  } catch (const std::exception&) {
    return false;  // gone meanwhile, or not ours to read
  }
}

}  // namespace

void killLeftovers(const std::string& output) {
  const std::string variable = "TESTARENA_OUTPUT=" + output;
  bool found = true;
  for (int pass = 0; pass < kMostPasses && found; ++pass) {
    found = false;
    const std::unique_ptr<DIR, int (*)(DIR*)> processes(opendir("/proc"), closedir);
    while (const dirent* entry = processes ? readdir(processes.get()) : nullptr) {
      const std::string pid = entry->d_name;
      if (pid[0] < '1' || pid[0] > '9') continue;
      const process::Descriptor handle(pidfd_open(static_cast<pid_t>(std::atoi(pid.c_str())), 0));
      if (!handle || !hasVariable(pid, variable)) continue;  // in this order: the handle stays with what was looked at
      pidfd_send_signal(handle.get(), SIGKILL, nullptr, 0);
      found = true;
    }
    if (found) usleep(2000);
  }
}

}  // namespace testarena::local_executor
