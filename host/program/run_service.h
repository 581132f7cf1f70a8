// SPDX-License-Identifier: Apache-2.0
// The life of a service as a process: signals, readiness, reading its configuration again, the way down.
#pragma once

#include <iostream>
#include <unistd.h>

#include "exit_code.h"
#include "load_configuration.h"
#include "process_signals.h"
#include "service_manager.h"

namespace testarena {

/// Runs an Application (made of Settings; start, address, apply, stop) until a signal asks for its end; the exit code.
/// `name` is what it is called in the log. On SIGHUP the settings are read again, and a broken configuration changes
/// nothing; `reloaded` is what the log says of a good one.
template <class Application, class Settings>
int runService(const char* name, const CommonOptions& options, SettingsReader<Settings> read, const char* reloaded) {
  const Settings settings = loadConfiguration(options, read);
  const ProcessSignals signals;

  const Logger log(name);
  Application application(settings);
  application.start();
  notifyServiceManager("READY=1");
  if (::isatty(STDERR_FILENO) != 0) std::cerr << "Open http://" << application.address() << " in a browser.\n";

  int signal = signals.wait();
  for (; signal == SIGHUP; signal = signals.wait()) {
    try {
      application.apply(loadConfiguration(options, read));
      log.info("configuration read again; {}", reloaded);
    } catch (const std::exception& error) {
      log.error("configuration not taken over, the old one stays: {}", error.what());
    }
  }
  log.info("stopping: {}", signal == SIGINT ? "interrupted" : "asked to end");
  notifyServiceManager("STOPPING=1");
  signals.exitAtNext();
  application.stop();
  log.info("stopped");
  return kExitOk;
}

}  // namespace testarena
