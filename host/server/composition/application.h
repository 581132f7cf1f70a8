// SPDX-License-Identifier: Apache-2.0
// The whole server, put together by constructors.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "administration_socket.h"
#include "core.h"
#include "counters.h"
#include "dispatcher.h"
#include "environments.h"
#include "event_hub.h"
#include "job_list.h"
#include "job_publisher.h"
#include "jobs.h"
#include "log_store.h"
#include "server.h"
#include "server_settings.h"
#include "services.h"
#include "static_files.h"

namespace testarena::server {

/// From the construction on everything is checked and opened; `start` makes it live.
class Application {
 public:
  explicit Application(const Settings& settings);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  /// Begins to serve and writes the address to `<data>/address`.
  void start();
  /// Finishes requests, closes streams, leaves what runs on remotes running.
  void stop();

  /// "127.0.0.1:8080"
  const std::string& address() const;

  /// Settings that may change without a restart.
  void apply(const Settings& settings);

 private:
  Services services(const Settings& settings);
  Environments makeEnvironments(const Settings& settings);
  std::unique_ptr<http::Server> makeFront(const Settings& settings);
  std::string pluginsJson();
  std::string metricsText();
  void tidyLoop();

  const Logger log_{"server"};
  const std::filesystem::path data_;
  Core core_;
  LogStore logs_;
  http::Counters counters_;
  http::EventHub hub_;
  JobPublisher publisher_;
  Environments environments_;
  JobService jobs_;
  JobList jobList_;
  http::StaticFiles pages_;
  Services services_;
  Dispatcher dispatcher_;
  std::unique_ptr<http::Server> front_;
  std::unique_ptr<AdministrationSocket> administration_;
  std::atomic<bool> stopping_{false};
  std::thread tidying_;
};

}  // namespace testarena::server
