// SPDX-License-Identifier: Apache-2.0
// The life of the server as a process: signals, readiness, the way down.
#include <iostream>
#include <unistd.h>

#include "application.h"
#include "commands.h"
#include "process_signals.h"
#include "service_manager.h"

namespace testarena::server {
namespace {

/// Reads the configuration again; a broken one changes nothing.
void reload(const CommonOptions& options, Application& application, const Logger& log) {
  try {
    application.apply(loadServerSettings(options));
    log.info("configuration read again; keys marked as such need a restart");
  } catch (const std::exception& error) {
    log.error("configuration not taken over, the old one stays: {}", error.what());
  }
}

}  // namespace

int serve(const CommonOptions& options) {
  const auto settings = loadServerSettings(options);
  const ProcessSignals signals;

  const Logger log("server");
  Application application(settings);
  application.start();
  notifyServiceManager("READY=1");
  if (::isatty(STDERR_FILENO) != 0) std::cerr << "Open http://" << application.address() << " in a browser.\n";

  int signal = signals.wait();
  for (; signal == SIGHUP; signal = signals.wait()) reload(options, application, log);
  log.info("stopping: {}", signal == SIGINT ? "interrupted" : "asked to end");
  notifyServiceManager("STOPPING=1");
  signals.exitAtNext();
  application.stop();
  log.info("stopped");
  return kExitOk;
}

}  // namespace testarena::server
