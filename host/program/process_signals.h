// SPDX-License-Identifier: Apache-2.0
// The signals of a service, waited for instead of being interrupted by them.
#pragma once

#include <csignal>

namespace testarena {

/// SIGTERM, SIGINT and SIGHUP. Made by main before there are threads, so that all inherit what it blocks.
class ProcessSignals {
 public:
  /// Blocks them, and ignores SIGPIPE.
  ProcessSignals();

  /// The next one. Meanwhile the service manager's watchdog is told that the process is alive.
  int wait() const;

  /// From now on a further signal ends the process at once: who asks twice means it.
  void exitAtNext() const;

 private:
  sigset_t signals_;
};

}  // namespace testarena
