// SPDX-License-Identifier: Apache-2.0
// The life of the server as a process: signals, readiness, the way down.
#include <csignal>
#include <ctime>
#include <iostream>
#include <thread>
#include <unistd.h>

#include "application.h"
#include "commands.h"
#include "service_manager.h"

namespace testarena::server {
namespace {

/// The signals that this program waits for instead of being interrupted by them.
sigset_t awaitedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

/// The next signal, telling the watchdog meanwhile that the process is alive.
int waitForSignal(const sigset_t& signals) {
  const auto interval = watchdogInterval();
  while (true) {
    timespec limit{3600, 0};
    if (interval) limit = {interval->count() / 1'000'000, interval->count() % 1'000'000 * 1000};
    const int signal = ::sigtimedwait(&signals, nullptr, &limit);
    if (signal > 0) return signal;
    if (interval) notifyServiceManager("WATCHDOG=1");
  }
}

/// Reads the configuration again; a broken one changes nothing.
void reload(const CommonOptions& options, Application& application, const Logger& log) {
  try {
    application.apply(loadServerSettings(options));
    log.info("configuration read again; keys marked as such need a restart");
  } catch (const std::exception& error) {
    log.error("configuration not taken over, the old one stays: {}", error.what());
  }
}

/// A second signal on the way down means now.
void exitAtSecondSignal(const sigset_t& signals) {
  std::thread([signals] {
    int signal = 0;
    ::sigwait(&signals, &signal);
    ::_exit(kExitFailed);
  }).detach();
}

}  // namespace

int serve(const CommonOptions& options) {
  const auto settings = loadServerSettings(options);
  const auto signals = awaitedSignals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before there are threads, so that all inherit it
  std::signal(SIGPIPE, SIG_IGN);

  const Logger log("server");
  Application application(settings);
  application.start();
  notifyServiceManager("READY=1");
  if (::isatty(STDERR_FILENO) != 0) std::cerr << "Open http://" << application.address() << " in a browser.\n";

  int signal = waitForSignal(signals);
  for (; signal == SIGHUP; signal = waitForSignal(signals)) reload(options, application, log);
  log.info("stopping: {}", signal == SIGINT ? "interrupted" : "asked to end");
  notifyServiceManager("STOPPING=1");
  exitAtSecondSignal(signals);
  application.stop();
  log.info("stopped");
  return kExitOk;
}

}  // namespace testarena::server
