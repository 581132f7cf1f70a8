// SPDX-License-Identifier: Apache-2.0
#include "metrics.h"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "build_info.h"

namespace testarena::server {
namespace {

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            std::uint64_t value) {
  head(out, name, type, help);
  fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
}

}  // namespace

void appendFrontMetrics(const http::Counters& counters, std::string& out) {
  using std::string_view;
  auto counter = [&](string_view name, string_view help, const http::Counters::Count& count) {
    single(out, name, "counter", help, count.load(std::memory_order_relaxed));
  };
  auto gauge = [&](string_view name, string_view help, const http::Counters::Count& count) {
    single(out, name, "gauge", help, count.load(std::memory_order_relaxed));
  };
  counter("testarena_http_connections_accepted_total", "Connections accepted.", counters.connections_accepted);
  gauge("testarena_http_connections_open", "Connections open now, event streams included.", counters.connections_open);
  gauge("testarena_http_connections_incomplete", "Connections with an incomplete request.",
        counters.connections_incomplete);
  counter("testarena_http_requests_total", "Requests handed to a handler.", counters.requests);
  counter("testarena_http_request_bytes_total", "Bytes of requests.", counters.request_bytes);
  counter("testarena_http_response_bytes_total", "Bytes of answers.", counters.response_bytes);
  gauge("testarena_http_workers", "Worker threads.", counters.workers);
  gauge("testarena_http_workers_busy", "Worker threads that serve a request.", counters.workers_busy);
  gauge("testarena_http_queued", "Requests that wait for a worker.", counters.queued);
  gauge("testarena_event_viewers", "Open event streams.", counters.viewers);
  counter("testarena_event_viewers_cut_total", "Event streams cut because they lagged.", counters.viewers_cut);
  counter("testarena_events_published_total", "Events published.", counters.events_published);
  counter("testarena_events_sent_total", "Events sent to viewers.", counters.events_sent);

  head(out, "testarena_http_answers_total", "counter", "Answers by first digit of the status.");
  for (size_t digit = 1; digit < counters.answers.size(); ++digit) {
    fmt::format_to(std::back_inserter(out), "testarena_http_answers_total{{code=\"{}xx\"}} {}\n", digit,
                   counters.answers[digit].load(std::memory_order_relaxed));
  }
  head(out, "testarena_http_refusals_total", "counter", "Requests turned away before a handler saw them.");
  for (size_t i = 0; i < http::kRefusals; ++i) {
    fmt::format_to(std::back_inserter(out), "testarena_http_refusals_total{{reason=\"{}\"}} {}\n",
                   http::kRefusalNames[i], counters.refusals[i].load(std::memory_order_relaxed));
  }
}

void appendEnvironmentMetrics(const Environments& environments, std::string& out) {
  // Names of environments are of letters, digits, '.', '_' and '-': nothing to escape in a label.
  auto each = [&](std::string_view name, std::string_view help, auto value) {
    head(out, name, "gauge", help);
    for (const auto& environment : environments.all()) {
      fmt::format_to(std::back_inserter(out), "{}{{environment=\"{}\"}} {}\n", name, environment->name(),
                     value(environment->reconciler()));
    }
  };
  each("testarena_environment_open_jobs", "Jobs that something is still to be done for.",
       [](const Reconciler& reconciler) { return reconciler.size(); });
  each("testarena_environment_up", "1 while the executor answers.", [](const Reconciler& reconciler) {
    const auto state = reconciler.health().state;
    return state == HealthState::ok || state == HealthState::degraded ? 1 : 0;
  });
}

void appendBuildMetrics(std::string& out) {
  const auto& info = buildInfo();
  head(out, "testarena_build_info", "gauge", "Which build this is.");
  fmt::format_to(std::back_inserter(out), "testarena_build_info{{version=\"{}\",commit=\"{}\"}} 1\n", info.version,
                 info.commit);
}

}  // namespace testarena::server
