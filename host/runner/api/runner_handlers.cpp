// SPDX-License-Identifier: Apache-2.0
// What testarena-runner adds to the protocol.
#include <algorithm>
#include <chrono>

#include <testarena/error.h>
#include <testarena/json.h>

#include "answers.h"
#include "build_info.h"
#include "handlers.h"
#include "json_reader.h"
#include "parameters.h"
#include "record_reader.h"
#include "server.h"

namespace testarena::runner {
namespace {

using namespace std::chrono_literals;

constexpr int64_t kMostAsked = 1000;  // queues in one request
constexpr int64_t kMostListed = 10'000;
constexpr std::size_t kPositionsTold = 10;
constexpr int64_t kFar = int64_t{1} << 53;
constexpr auto kHealthLimit = 1800ms;  // the contract gives 2 s

struct CapabilitiesView {
  std::string server = "testarena-runner";
  int64_t protocol = 1;
  std::string version;
  Idempotency idempotency = Idempotency::c3;
  std::chrono::milliseconds in_flight{0};
  int64_t max_batch = kMostAsked;
  bool wait_changes = true;
  bool list = true;
  bool artifacts = false;
  bool pins_commit = true;
  bool abort_run = false;
  std::vector<std::string> labels;
  TA_FIELDS(server, protocol, version, idempotency, in_flight, max_batch, wait_changes, list, artifacts, pins_commit,
            abort_run, labels)
};

}  // namespace

http::Response showCapabilities(Services& services, const Visit&) {
  // Who was told less than there is would believe it as long as the runner lives.
  if (!services.dispatcher.areCapabilitiesKnown()) throw Unavailable("the executor has not answered yet: ask again");
  const ExecutorCapabilities can = services.dispatcher.capabilities();
  CapabilitiesView view;
  view.version = buildInfo().version;
  view.artifacts = can.artifacts;
  view.pins_commit = can.pins_commit;
  view.abort_run = can.abort_run;
  view.labels = services.admission.labels();
  return http::Response::json(toJson(view));
}

/// Where in the line a queue is. Only the first few are told: each that is handed over changes the position of all
/// others, and a host keeps what it is told.
class Line {
 public:
  explicit Line(const QueueTable& table) : table_(table) {}

  std::string placeOf(const Queue& queue) {
    if (!first_) first_ = table_.nextInLine(kPositionsTold);
    const auto found = std::find(first_->begin(), first_->end(), queue.id());
    if (found != first_->end()) return ", at position " + std::to_string(found - first_->begin() + 1);
    return first_->size() < kPositionsTold ? "" : ", behind " + std::to_string(kPositionsTold) + " others or more";
  }

 private:
  const QueueTable& table_;
  std::optional<std::vector<std::string>> first_;  // looked up for the first that waits
};

http::Response showStatuses(Services& services, const Visit& visit) {
  RecordReader reader(RecordReader::Missing::kept);
  const auto asked = reader.read<StatusRequest>(parseJson(visit.request.body(), {visit.request.body().size(), 16}));
  if (!reader.problems().empty()) {
    throw Invalid(reader.problems().front().message, reader.problems().front().pointer);
  }
  if (asked.jobs.size() > static_cast<std::size_t>(kMostAsked)) {
    throw Invalid("at most " + std::to_string(kMostAsked) + " queues are asked for at once", "/jobs");
  }
  StatusAnswer answer;
  Line line(services.table);
  for (const JobRef& ref : asked.jobs) {
    const auto queue = services.table.find(ref.job);
    JobStatus& status = answer.jobs.emplace_back();
    if (queue) status = statusOf(*queue);
    if (queue && waitsForSlot(*queue) && queue->progress.status.reason.empty()) status.reason += line.placeOf(*queue);
    status.job = ref.job;
  }
  return http::Response::json(toJson(answer));
}

http::Response waitForChanges(Services& services, const Visit& visit) {
  const http::Parameters parameters(visit.request);
  const std::chrono::milliseconds timeout(std::min<int64_t>(parameters.number("timeout_ms", 10'000, 0, kFar), 30'000));
  std::string cursor = parameters.text("cursor");
  // "From now on" is a place of its own: what changes while it waits must not be lost.
  if (cursor.empty()) cursor = services.table.changesAfter({}).cursor;
  return services.polls.answer(timeout,
                               [&table = services.table, cursor](bool timeIsOver) -> std::optional<http::Response> {
                                 auto [now, queues] = table.changesAfter(cursor);
                                 if (queues.empty() && !timeIsOver && now == cursor) return std::nullopt;
                                 Changes changes;
                                 changes.cursor = std::move(now);
                                 changes.jobs = std::move(queues);
                                 return http::Response::json(toJson(changes));
                               });
}

http::Response listJobs(Services& services, const Visit& visit) {
  const http::Parameters parameters(visit.request);
  const auto limit = static_cast<std::size_t>(std::min(parameters.number("limit", 1000, 1, kFar), kMostListed));
  JobList list;
  services.table.forEachAfter(parameters.text("after"), [&](const Queue& queue) {
    if (list.jobs.size() == limit) {
      list.next = list.jobs.back().job;
      return false;
    }
    list.jobs.push_back({queue.id(), queue.id(), statusOf(queue).state});
    return true;
  });
  return http::Response::json(toJson(list));
}

http::Response showHealth(Services& services, const Visit&) {
  const http::BlockingRegion blocking;
  Health health;
  try {
    Call call = services.call(kHealthLimit);
    health = services.executor.health({}, call);
  } catch (const std::exception& error) {
    health.state = HealthState::down;
    health.message = error.what();
  }
  health.version = buildInfo().version;
  if (health.slots == 0) health.slots = services.dispatcher.slots();
  // Counted here and not asked for: a queue on its way to the executor would be counted by nobody, or by both.
  health.slots_used = health.queued = 0;
  services.table.forEachOpen([&](const Queue& queue) {
    const int64_t running = runningTasks(queue);
    const bool isPrepared =
        running == 0 && queue.progress.status.state == State::in_progress;  // its checkout, its setup
    health.slots_used += running + (isPrepared ? 1 : 0);
    if (!queue.progress.removal_asked) health.queued += openTasks(queue) - running;
  });
  return http::Response::json(toJson(health));
}

}  // namespace testarena::runner
