// SPDX-License-Identifier: Apache-2.0
#include "front_metrics.h"

namespace testarena::http {
namespace {

void sample(std::string& out, std::string_view name, const Counters::Count& count) {
  out.append(name).append(" ").append(std::to_string(count.load(std::memory_order_relaxed))).append("\n");
}

}  // namespace

void appendMetricHead(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ");
  out.append(type).append("\n");
}

void appendFrontMetrics(const Counters& counters, std::string& out) {
  using std::string_view;
  auto counter = [&](string_view name, string_view help, const Counters::Count& count) {
    appendMetricHead(out, name, "counter", help);
    sample(out, name, count);
  };
  auto gauge = [&](string_view name, string_view help, const Counters::Count& count) {
    appendMetricHead(out, name, "gauge", help);
    sample(out, name, count);
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

  appendMetricHead(out, "testarena_http_answers_total", "counter", "Answers by first digit of the status.");
  for (std::size_t digit = 1; digit < counters.answers.size(); ++digit) {
    sample(out, "testarena_http_answers_total{code=\"" + std::to_string(digit) + "xx\"}", counters.answers.at(digit));
  }
  appendMetricHead(out, "testarena_http_refusals_total", "counter", "Requests turned away before a handler saw them.");
  for (std::size_t i = 0; i < kRefusals; ++i) {
    sample(out, std::string("testarena_http_refusals_total{reason=\"") + kRefusalNames.at(i) + "\"}",
           counters.refusals.at(i));
  }
}

}  // namespace testarena::http
