// SPDX-License-Identifier: Apache-2.0
// The protocol of the servers that exist already.
#include <chrono>

#include <testarena/error.h>

#include "answers.h"
#include "handlers.h"
#include "queue_request.h"
#include "server.h"

namespace testarena::runner {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookUpLimit = 120s;  // of the branch and its scenarios, in a repository that may be far
constexpr auto kRemovalLimit = 30s;

NotFound unknown(const std::string& id) {
  return NotFound("there is no queue or task '" + id.substr(0, 128) + "'");
}

/// An id out of an address. What cannot be one names nothing.
const std::string& idOf(const Visit& visit) {
  const std::string& id = visit.path.at("id");
  if (!isId(id)) throw unknown(id);
  return id;
}

const Logger& logger() {
  static const Logger kLogger("queues");
  return kLogger;
}

/// "host at 10.0.0.7", "a client without a token at 127.0.0.1".
std::string whoAsks(const Visit& visit) {
  return (visit.client.empty() ? "a client without a token" : visit.client) + " at " + visit.request.origin().client;
}

http::Response taken(const std::string& id) {
  return objectAnswer({{"status", "Queue OK"}, {"queue_id", id}});
}

}  // namespace

http::Response postQueue(Services& services, const Visit& visit) {
  const QueueRequest request = readQueueRequest(visit.request.body());
  // First, so that a queue that is known is known, whatever has become of its branch.
  if (services.table.isKnown(request.id, request.content())) return taken(request.id);
  const http::BlockingRegion blocking;
  Call call = services.call(kLookUpLimit);
  Accepted accepted;
  try {
    accepted = services.admission.admit(request, call);
  } catch (const NotFound& error) {
    throw Invalid(error.what(), error.pointer());
  }
  const std::string commit = accepted.submission.commit;
  if (services.table.add(std::move(accepted))) {
    logger().info("queue {}: taken from {}: {} task(s) on {} ({})", request.id, whoAsks(visit), request.tasks.size(),
                  request.source, commit);
  }
  return taken(request.id);
}

http::Response listQueues(Services& services, const Visit&) {
  std::string body = "[";
  services.table.forEachNewestFirst([&](const Queue& queue) {
    if (body.size() > 1) body += ',';
    const Submission& submission = queue.accepted.submission;
    appendObject(body, {{"id", queue.id()},
                        {"status", stateOf(queue)},
                        {"created_at", formatTime(queue.accepted.created_at)},
                        {"environment", submission.environment},
                        {"source", submission.branch}});
  });
  return http::Response::json(body + "]");
}

http::Response showStatus(Services& services, const Visit& visit) {
  const std::string& id = idOf(visit);
  if (const auto queue = services.table.find(id)) {
    return objectAnswer({{"id", id}, {"type", "queue"}, {"status", stateOf(*queue)}});
  }
  const auto place = services.table.findTask(id);
  const auto queue = place ? services.table.find(place->queue) : std::nullopt;
  if (!queue) throw unknown(id);
  const TaskState state = stateOf(*queue, place->index);
  if (state.status != "Finished") return objectAnswer({{"id", id}, {"type", "task"}, {"status", state.status}});
  if (state.result.empty()) {
    return objectAnswer({{"id", id}, {"type", "task"}, {"status", state.status}, {"reason", state.reason}});
  }
  if (state.reason.empty()) {
    return objectAnswer({{"id", id}, {"type", "task"}, {"status", state.status}, {"result", state.result}});
  }
  return objectAnswer(
      {{"id", id}, {"type", "task"}, {"status", state.status}, {"result", state.result}, {"reason", state.reason}});
}

/// The wish is on disk when this is answered; how it ended is told by the status. What had ended before stays so.
http::Response abortQueueOrTask(Services& services, const Visit& visit) {
  const std::string& id = idOf(visit);
  logger().info("{}: {} asks for its end", id, whoAsks(visit));
  std::string_view state;
  if (const auto place = services.table.findTask(id)) {
    const auto before = services.table.find(place->queue);
    if (!before) throw unknown(id);
    const bool isAlone = before->accepted.tasks.size() == 1;
    const bool isWithExecutor = before->progress.phase == Phase::sending || before->progress.phase == Phase::accepted;
    if (isWithExecutor && !isAlone && !services.dispatcher.capabilities().abort_run) {
      throw Conflict("this runner's executor ends whole queues only: abort " + place->queue);
    }
    if (isAlone) {
      services.table.abort(place->queue);
    } else {
      services.table.abortTask(*place);
    }
    const auto after = services.table.find(place->queue);
    if (after) state = stateOf(*after, place->index).status;
  } else {
    services.table.abort(id);
    if (const auto after = services.table.find(id)) state = stateOf(*after);
  }
  return objectAnswer({{"id", id}, {"status", state == "Finished" ? "Finished" : "Aborted"}});
}

http::Response deleteQueue(Services& services, const Visit& visit) {
  const std::string& id = idOf(visit);
  logger().info("queue {}: {} asks for its deletion", id, whoAsks(visit));
  services.table.remove(id);
  return services.polls.answer(kRemovalLimit,
                               [&table = services.table, id](bool timeIsOver) -> std::optional<http::Response> {
                                 if (!table.isBeingRemoved(id))
                                   return objectAnswer({{"id", id}, {"status", "Deleted"}});
                                 if (!timeIsOver) return std::nullopt;
                                 throw Unavailable("the queue " + id + " is still being removed: ask again");
                               });
}

}  // namespace testarena::runner
