// SPDX-License-Identifier: Apache-2.0
// testarena-supervisor FOLDER: runs the order in FOLDER, keeps its log, writes its result (run_folder.h).
//
// A program of its own so that a run goes on while the server is restarted, upgraded or killed. Whoever starts it
// learns by standard error whether it is in charge: nothing and the end of the stream, or the reason why not.
#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <sys/prctl.h>
#include <unistd.h>

#include "supervision.h"

namespace {

enum ExitCode { kDone = 0, kNotInCharge = 1, kUsage = 2 };

/// Nothing of whoever started us is kept: a pipe of the server that stays open in here would look like a living peer.
void closeInherited() {
  close_range(STDERR_FILENO + 1, ~0U, 0);
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(nothing, STDOUT_FILENO);
  if (nothing > STDERR_FILENO) close(nothing);
}

void leaveStandardError() {
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, STDERR_FILENO);
  if (nothing > STDERR_FILENO) close(nothing);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: testarena-supervisor FOLDER\n";
    return kUsage;
  }
  closeInherited();
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  prctl(PR_SET_DUMPABLE, 0);  // a test of the same account is not to look into us or attach to us
  setsid();                   // fails if we lead a session already, which will do
  if (chdir("/") != 0) return kNotInCharge;
  try {
    using namespace testarena::local_executor;
    Supervision(RunFolder(arguments[1])).run(leaveStandardError);
    return kDone;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return kNotInCharge;
  }
}
