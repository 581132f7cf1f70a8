// SPDX-License-Identifier: Apache-2.0
#include "application.h"

#include <map>

#include "build_info.h"
#include "front_metrics.h"

namespace testarena::runner {
namespace fs = std::filesystem;
namespace {

/// So that the first client is told what the executor can do. One that is away keeps the runner from nothing else.
constexpr auto kPatienceWithExecutor = std::chrono::seconds(5);

/// The folder, made before anything is opened in it.
const fs::path& made(const fs::path& folder) {
  makePrivateFolder(folder);
  return folder;
}

/// The status page: as configured, else where an installation or a build has it.
http::StaticFiles loadPages(const Settings& settings, const Logger& log) {
  if (!settings.server.web.empty()) return http::StaticFiles::load(settings.server.web);
  const auto bin = programFile().parent_path();
  for (const auto& folder : {bin / "../runner-page", bin / "../share/testarena/runner-page"}) {
    if (fs::exists(folder / "index.html")) return http::StaticFiles::load(folder.lexically_normal().string());
  }
  log.warning("no status page: neither ../runner-page nor ../share/testarena/runner-page beside {} has an index.html",
              programFile().string());
  return {};
}

}  // namespace

Application::Application(const Settings& settings)
    : data_(made(settings.data)),
      lock_(data_ / "runner.lock"),
      plugins_(makePluginHost(settings, clock_)),
      executor_(plugins_.make<Executor>(executorUse(settings))),
      discoverer_(plugins_.make<Discoverer>(discovererUse(settings))),
      store_(data_ / "queues.db"),
      table_(store_, clock_),
      admission_(*discoverer_, settings.runner.labels),
      dispatcher_(table_, *executor_, clock_, settings.runner.slots),
      polls_(clock_),
      credentials_(accessRules(settings)),
      pages_(loadPages(settings, log_)),
      services_{table_,
                dispatcher_,
                admission_,
                *executor_,
                polls_,
                credentials_,
                pages_,
                settings.runner.prefix,
                [this] { return metricsText(); },
                [this] { return stopping_.load(); }},
      desk_(services_),
      front_(makeFront(settings)) {
  table_.onChange([this] {
    dispatcher_.wake();
    polls_.wake();
  });
}

Application::~Application() {
  stop();
}

std::unique_ptr<http::Server> Application::makeFront(const Settings& settings) {
  http::ServerOptions options;
  options.listen = settings.server.listen;
  options.hosts = settings.server.hosts;
  options.trusted_proxies = settings.server.trusted_proxies;
  options.max_workers = static_cast<std::size_t>(settings.server.workers);
  options.max_connections = static_cast<std::size_t>(settings.limits.connections);
  options.max_incomplete_per_address = static_cast<std::size_t>(settings.limits.incomplete_per_address);
  options.max_body = static_cast<std::size_t>(settings.limits.body);

  http::ServerCallbacks callbacks;
  callbacks.handler = [this](const http::Request& request) { return desk_(request); };
  callbacks.failed = [this](std::string_view id, std::string_view text) {
    log_.write(LogSeverity::error, {{"trace", std::string(id)}}, "request failed: {}", text);
  };
  callbacks.warning = [this](std::string_view text) { log_.warning("{}", text); };
  return std::make_unique<http::Server>(std::move(options), std::move(callbacks), nullptr, &counters_);
}

void Application::start() {
  dispatcher_.start();
  dispatcher_.waitForCapabilities(kPatienceWithExecutor);
  front_->start();
  writeFileAtomically(data_ / "address", front_->address() + "\n");
  log_.info("serving on http://{}{} with the data folder {}", front_->address(), services_.prefix, data_.string());
}

void Application::stop() {
  if (stopping_.exchange(true)) return;
  std::error_code none;
  fs::remove(data_ / "address", none);
  polls_.stop();
  front_->stop();
  dispatcher_.stop();
}

const std::string& Application::address() const {
  return front_->address();
}

void Application::apply(const Settings& settings) {
  setLogLevel(logSeverityFrom(settings.server.log_level));
  credentials_.replace(accessRules(settings));
}

std::string Application::metricsText() const {
  std::string text;
  const auto gauge = [&](std::string_view name, std::string_view help) {
    http::appendMetricHead(text, name, "gauge", help);
  };
  const BuildInfo& build = buildInfo();
  gauge("testarena_build_info", "Which build this is.");
  text += "testarena_build_info{version=\"" + build.version + "\",commit=\"" + build.commit + "\"} 1\n";
  http::appendFrontMetrics(counters_, text);

  std::map<std::string_view, int64_t> states{{"Waiting", 0}, {"Running", 0}, {"Finished", 0}, {"Aborted", 0}};
  int64_t tasks = 0;
  table_.forEachNewestFirst([&](const Queue& queue) {
    ++states[stateOf(queue)];
    tasks += openTasks(queue);
  });
  gauge("testarena_runner_queues", "Queues by state.");
  for (const auto& [state, count] : states) {
    text += "testarena_runner_queues{state=\"" + std::string(state) + "\"} " + std::to_string(count) + "\n";
  }
  gauge("testarena_runner_open_tasks", "Tasks that have not ended.");
  text += "testarena_runner_open_tasks " + std::to_string(tasks) + "\n";
  gauge("testarena_runner_slots", "How many tasks may be under way at once.");
  text += "testarena_runner_slots " + std::to_string(dispatcher_.slots()) + "\n";
  plugins_.appendMetrics(text);
  return text;
}

}  // namespace testarena::runner
