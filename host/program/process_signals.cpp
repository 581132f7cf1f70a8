// SPDX-License-Identifier: Apache-2.0
#include "process_signals.h"

#include <ctime>
#include <thread>
#include <unistd.h>

#include "exit_code.h"
#include "service_manager.h"

namespace testarena {

ProcessSignals::ProcessSignals() {
  sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals_, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int ProcessSignals::wait() const {
  const auto interval = watchdogInterval();
  while (true) {
    timespec limit{3600, 0};
    if (interval) limit = {interval->count() / 1'000'000, interval->count() % 1'000'000 * 1000};
    const int signal = ::sigtimedwait(&signals_, nullptr, &limit);
    if (signal > 0) return signal;
    if (interval) notifyServiceManager("WATCHDOG=1");
  }
}

void ProcessSignals::exitAtNext() const {
  std::thread([signals = signals_] {
    int signal = 0;
    ::sigwait(&signals, &signal);
    ::_exit(kExitFailed);
  }).detach();
}

}  // namespace testarena
