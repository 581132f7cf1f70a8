// SPDX-License-Identifier: Apache-2.0
// Bytes of logs and artifacts, of any size: what is larger than a piece is read while it is sent.
#include <algorithm>
#include <limits>

#include <testarena/error.h>
#include <testarena/json.h>

#include "handlers.h"
#include "parameters.h"
#include "server.h"

namespace testarena::runner {
namespace {

constexpr int64_t kPiece = 1 << 20;
constexpr int64_t kFar = std::numeric_limits<int64_t>::max();
constexpr auto kLimit = std::chrono::seconds(30);
constexpr const char* kBytes = "application/octet-stream";

/// Where a log or an artifact is.
struct Place {
  Queue queue;
  std::string scenario;  ///< empty: the queue's own log
  int64_t attempt = 1;

  /// What is known of its run; null if nothing is.
  const RunStatus* run() const {
    for (const RunStatus& run : queue.progress.status.runs) {
      if (run.scenario == scenario && run.attempt == attempt) return &run;
    }
    return nullptr;
  }
  bool hasLeftOutRun() const {
    const auto& runs = queue.accepted.submission.runs;
    return std::any_of(queue.progress.left_out.begin(), queue.progress.left_out.end(), [&](int64_t index) {
      const RunRequest& asked = runs.at(static_cast<std::size_t>(index));
      return asked.scenario == scenario && asked.attempt == attempt;
    });
  }
};

/// The id of a queue with scenario and attempt, or that of a task.
Place placeOf(Services& services, const Visit& visit) {
  const http::Parameters parameters(visit.request);
  const std::string& id = visit.path.at("id");
  Place place;
  std::optional<Queue> queue = services.table.find(id);
  place.scenario = parameters.text("scenario");
  place.attempt = parameters.number("attempt", 1, 1, kFar);
  if (!queue) {
    if (const auto task = services.table.findTask(id)) {
      queue = services.table.find(task->queue);
      if (queue) {
        place.scenario = queue->accepted.submission.runs.at(task->index).scenario;
        place.attempt = queue->accepted.submission.runs.at(task->index).attempt;
      }
    }
  }
  if (!queue) throw NotFound("there is no queue or task '" + id.substr(0, 128) + "'");
  place.queue = std::move(*queue);
  return place;
}

/// How the bytes are read, and what is known of their end.
struct Source {
  std::function<LogPart(int64_t offset, int64_t limit)> read;
  int64_t known_size = 0;  ///< there are at least so many bytes
  bool is_final = false;   ///< there will be no more than that
};

http::Response bytesOf(const Source& source, const Visit& visit) {
  const http::Parameters parameters(visit.request);
  const int64_t offset = parameters.number("offset", 0, 0, kFar);
  const int64_t limit = parameters.number("limit", kFar, 1, kFar);
  const http::BlockingRegion blocking;
  const LogPart first = source.read(offset, std::min(limit, kPiece));
  http::Response response(200);
  response.setKind(http::AnswerKind::download);
  const int64_t size = std::min(limit, std::max<int64_t>(0, source.known_size - offset));
  const auto have = static_cast<int64_t>(first.data.size());
  if (first.complete || have < std::min(limit, kPiece) || size <= have) {
    response.setHeader("X-Log-Complete", first.complete ? "true" : "false");
    response.setBody(std::string(first.data.view()), kBytes);
    return response;
  }
  response.setHeader("X-Log-Complete", source.is_final && offset + size == source.known_size ? "true" : "false");
  http::BodySource body;
  body.size = static_cast<std::uint64_t>(size);
  body.read = [read = source.read, offset](std::uint64_t at, std::size_t most) {
    const LogPart part = read(offset + static_cast<int64_t>(at), static_cast<int64_t>(most));
    return std::string(part.data.view());
  };
  response.setBody(std::move(body), kBytes);
  return response;
}

/// The executor has it, so it may be asked.
bool isWithExecutor(const Queue& queue) {
  return queue.progress.phase == Phase::accepted || queue.progress.phase == Phase::ended;
}

Source nothing(bool isFinal) {
  return {[isFinal](int64_t, int64_t) { return LogPart{isFinal, {}}; }, 0, isFinal};
}

bool hasRun(const Queue& queue, const Place& place) {
  const auto& runs = queue.accepted.submission.runs;
  return place.run() != nullptr || std::any_of(runs.begin(), runs.end(), [&](const RunRequest& run) {
           return run.scenario == place.scenario && run.attempt == place.attempt;
         });
}

Source logOf(Services& services, const Place& place) {
  const Queue& queue = place.queue;
  const bool ended = queue.progress.phase == Phase::ended;
  if (!place.scenario.empty() && !hasRun(queue, place)) {
    throw NotFound("the queue " + queue.id() + " has no run of '" + place.scenario + "' with attempt " +
                   std::to_string(place.attempt));
  }
  if (place.hasLeftOutRun()) return nothing(true);
  if (!isWithExecutor(queue)) return nothing(false);
  if (ended && !queue.progress.was_taken) return nothing(true);  // the executor never had it
  Source source;
  source.read = [&services, id = queue.id(), handle = queue.progress.handle, scenario = place.scenario,
                 attempt = place.attempt](int64_t offset, int64_t limit) {
    Call call = services.call(kLimit);
    return services.executor.read_log({id, handle, scenario, attempt, offset, limit}, call);
  };
  const RunStatus* run = place.run();
  source.known_size = place.scenario.empty() ? queue.progress.status.log_bytes : run != nullptr ? run->log_bytes : 0;
  source.is_final = place.scenario.empty() ? ended : run != nullptr && hasEnded(run->state);
  return source;
}

}  // namespace

http::Response readLog(Services& services, const Visit& visit) {
  return bytesOf(logOf(services, placeOf(services, visit)), visit);
}

http::Response listArtifacts(Services& services, const Visit& visit) {
  const Place place = placeOf(services, visit);
  const http::BlockingRegion blocking;
  if (place.hasLeftOutRun() || !isWithExecutor(place.queue)) return http::Response::json(toJson(Artifacts{}));
  Call call = services.call(kLimit);
  return http::Response::json(toJson(services.executor.list_artifacts(
      {place.queue.id(), place.queue.progress.handle, place.scenario, place.attempt}, call)));
}

http::Response readArtifact(Services& services, const Visit& visit) {
  const Place place = placeOf(services, visit);
  const std::string name = http::Parameters(visit.request).text("name");
  const std::string& handle = place.queue.progress.handle;
  const auto refuse = [&] { throw NotFound("this run has no artifact '" + name.substr(0, 200) + "'"); };
  if (place.hasLeftOutRun() || !isWithExecutor(place.queue)) refuse();
  const http::BlockingRegion blocking;
  Call call = services.call(kLimit);
  // Its size is only told by the list; the name is compared with what is there, and never becomes part of a path here.
  const auto listed =
      services.executor.list_artifacts({place.queue.id(), handle, place.scenario, place.attempt}, call).artifacts;
  const auto found = std::find_if(listed.begin(), listed.end(), [&](const Artifact& a) { return a.name == name; });
  if (found == listed.end()) refuse();
  Source source;
  source.read = [&services, id = place.queue.id(), handle, scenario = place.scenario, attempt = place.attempt, name](
                    int64_t offset, int64_t limit) {
    Call one = services.call(kLimit);
    return services.executor.read_artifact({id, handle, scenario, attempt, name, offset, limit}, one);
  };
  source.known_size = found->size;
  source.is_final = true;
  auto response = bytesOf(source, visit);
  response.setHeader("Content-Disposition", "attachment");
  return response;
}

}  // namespace testarena::runner
