// SPDX-License-Identifier: Apache-2.0
// The whole runner, put together by constructors.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "admission.h"
#include "clock.h"
#include "counters.h"
#include "credentials.h"
#include "dispatcher.h"
#include "files.h"
#include "front_desk.h"
#include "long_polls.h"
#include "plugin_host.h"
#include "queue_store.h"
#include "queue_table.h"
#include "runner_settings.h"
#include "server.h"
#include "services.h"
#include "static_files.h"

namespace testarena::runner {

/// From the construction on everything is checked and opened; `start` makes it live.
class Application {
 public:
  explicit Application(const Settings& settings);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  /// Begins to serve and writes the address to `<data>/address`.
  void start();
  /// Finishes requests, leaves what runs running.
  void stop();

  /// "127.0.0.1:8090"
  const std::string& address() const;

  /// Settings that may change without a restart: the log's level, and who is let in.
  void apply(const Settings& settings);

 private:
  std::unique_ptr<http::Server> makeFront(const Settings& settings);
  std::string metricsText() const;

  const Logger log_{"runner"};
  const std::filesystem::path data_;
  const FileLock lock_;  ///< one runner for each data folder
  SystemClock clock_;
  plugin_host::PluginHost plugins_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Discoverer> discoverer_;
  QueueStore store_;
  QueueTable table_;
  Admission admission_;
  Dispatcher dispatcher_;
  LongPolls polls_;
  Credentials credentials_;
  http::StaticFiles pages_;
  http::Counters counters_;
  std::atomic<bool> stopping_{false};
  Services services_;
  FrontDesk desk_;
  std::unique_ptr<http::Server> front_;
};

}  // namespace testarena::runner
