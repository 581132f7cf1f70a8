// SPDX-License-Identifier: Apache-2.0
#include "application.h"

#include <unistd.h>

#include <testarena/json.h>

#include "api_description.h"
#include "files.h"
#include "front_metrics.h"
#include "metrics.h"
#include "openapi.h"
#include "trace.h"

namespace testarena::server {
namespace fs = std::filesystem;
namespace {

constexpr auto kTidyEvery = std::chrono::minutes(10);
constexpr auto kKeysKept = std::chrono::hours(24);
constexpr auto kStorageLimit = std::chrono::seconds(10);

/// The dashboard's files: as configured, else where an installation or a build has them.
http::StaticFiles loadPages(const Settings& settings, const Logger& log) {
  if (!settings.server.web.empty()) return http::StaticFiles::load(settings.server.web);
  const auto bin = programFile().parent_path();
  for (const auto& folder : {bin / "../web", bin / "../share/testarena/web"}) {
    if (fs::exists(folder / "index.html")) return http::StaticFiles::load(folder.lexically_normal().string());
  }
  log.warning("no dashboard: neither ../web nor ../share/testarena/web beside {} has an index.html",
              programFile().string());
  return {};
}

struct PluginsView {
  std::vector<plugin_host::PluginEntry> plugins;
  TA_FIELDS(plugins)
};

}  // namespace

Application::Application(const Settings& settings)
    : data_(settings.data),
      core_(settings),
      logs_(settings.data / "jobs"),
      hub_({}, &counters_),
      publisher_(hub_, logs_),
      environments_(makeEnvironments(settings)),
      jobs_(core_.storage(), environments_, publisher_, logs_, core_.clock()),
      jobList_(jobs_, core_.storage()),
      pages_(loadPages(settings, log_)),
      services_(services(settings)),
      dispatcher_(services_),
      front_(makeFront(settings)) {
  core_.makeFirstAdministrator(settings);
}

Application::~Application() {
  stop();
}

Environments Application::makeEnvironments(const Settings& settings) {
  Environments environments(settings.server.default_environment);
  for (const auto& table : environmentTables(settings)) {
    ReconcilerOptions options;
    options.environment = table.name;
    options.job_time_limit = settings.server.job_time_limit;
    const auto executor = executorUse(settings, table);
    const auto discoverer = discovererUse(settings, table);
    environments.add(std::make_unique<Environment>(
        table.name, executor.table.find("plugin")->text(), core_.plugins().make<Executor>(executor),
        discoverer.table.find("plugin")->text(), core_.plugins().make<Discoverer>(discoverer), options, core_.storage(),
        logs_, publisher_, core_.clock(), core_.random()));
  }
  return environments;
}

Services Application::services(const Settings& settings) {
  return {core_.accounts(),
          core_.sessions(),
          jobs_,
          jobList_,
          environments_,
          core_.storage(),
          hub_,
          pages_,
          settings.server.insecure_cookies,
          [this] { return pluginsJson(); },
          [this] { return metricsText(); },
          [this] { return stopping_.load(); },
          std::make_shared<const std::string>(withRecordSchemas(openApiDocument()))};
}

std::unique_ptr<http::Server> Application::makeFront(const Settings& settings) {
  http::ServerOptions options;
  options.listen = settings.server.listen;
  options.hosts = settings.server.hosts;
  options.trusted_proxies = settings.server.trusted_proxies;
  options.max_workers = static_cast<size_t>(settings.server.workers);
  options.max_connections = static_cast<size_t>(settings.limits.connections);
  options.max_incomplete_per_address = static_cast<size_t>(settings.limits.incomplete_per_address);
  options.max_body = static_cast<size_t>(settings.limits.body);

  http::ServerCallbacks callbacks;
  callbacks.handler = [this](const http::Request& request) { return dispatcher_(request); };
  callbacks.failed = [this](std::string_view id, std::string_view text) {
    log_.write(LogSeverity::error, {{"trace", std::string(id)}}, "request failed: {}", text);
  };
  callbacks.warning = [this](std::string_view text) { log_.warning("{}", text); };
  return std::make_unique<http::Server>(std::move(options), std::move(callbacks), &hub_, &counters_);
}

void Application::start() {
  administration_ = std::make_unique<AdministrationSocket>(data_ / "admin.socket", core_.administration());
  environments_.start();
  front_->start();
  writeFileAtomically(data_ / "address", front_->address() + "\n");
  tidying_ = std::thread([this] { tidyLoop(); });
  log_.info("serving on http://{} with the data folder {}", front_->address(), data_.string());
}

void Application::stop() {
  if (stopping_.exchange(true)) return;
  std::error_code none;
  fs::remove(data_ / "address", none);
  front_->stop();
  hub_.stop();
  environments_.stop();
  administration_.reset();
  if (tidying_.joinable()) tidying_.join();
}

const std::string& Application::address() const {
  return front_->address();
}

void Application::apply(const Settings& settings) {
  setLogLevel(logSeverityFrom(settings.server.log_level));
}

std::string Application::pluginsJson() {
  return toJson(PluginsView{core_.plugins().list()});
}

std::string Application::metricsText() {
  std::string text;
  appendBuildMetrics(text);
  http::appendFrontMetrics(counters_, text);
  appendEnvironmentMetrics(environments_, text);
  core_.plugins().appendMetrics(text);
  return text;
}

void Application::tidyLoop() {
  auto due = core_.clock().steady();
  while (!stopping_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    if (core_.clock().steady() < due) continue;
    due = core_.clock().steady() + kTidyEvery;
    try {
      const auto now = core_.clock().now();
      auto call = callWithin(kStorageLimit);
      core_.storage().tidy({now, now - kKeysKept}, call);
    } catch (const std::exception& error) {
      log_.warning("old sessions not deleted: {}", error.what());
    }
  }
}

}  // namespace testarena::server
