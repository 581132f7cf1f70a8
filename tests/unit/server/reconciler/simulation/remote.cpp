// SPDX-License-Identifier: Apache-2.0
#include "remote.h"

#include <algorithm>

namespace testarena::server::simulation {

/// Ids count up from 1: the n-th job that is submitted behaves as the n-th of the plan.
std::size_t Remote::planOf(const std::string& job) {
  return static_cast<std::size_t>(std::stoull(job)) - 1;
}

ExecutorCapabilities Remote::capabilities(const CapabilitiesRequest&, Call&) {
  return withFault<ExecutorCapabilities>(world_, world_.nextCall(), [&] {
    ExecutorCapabilities can;
    can.idempotency = world_.plan().level;
    can.in_flight = world_.plan().level == Idempotency::c3 ? milliseconds(0) : world_.plan().in_flight;
    can.max_batch = 3;
    return can;
  });
}

Submitted Remote::submit(const Submission& submission, Call&) {
  const std::string job = submission.job;
  return withFault<Submitted>(world_, world_.nextCall(), [this, job] {
    accept(job);
    return Submitted{"remote-" + job};
  });
}

void Remote::accept(const std::string& job) {
  Accepted& known = jobs_[job];
  if (world_.plan().level == Idempotency::c3) {
    if (known.was_removed) throw Conflict("job " + job + " was removed");
    if (known.is_there) return;
  }
  ++known.times;
  known.is_there = true;
  known.at = world_.steady();
  known.ended_early.reset();
}

StatusAnswer Remote::status(const StatusRequest& request, Call&) {
  const Fault fault = world_.nextCall();
  if (fault == Fault::garbage) {
    StatusAnswer nonsense;
    JobStatus stranger;
    stranger.job = "4711";
    stranger.state = State::passed;
    nonsense.jobs.push_back(stranger);
    return nonsense;
  }
  return withFault<StatusAnswer>(world_, fault == Fault::late ? Fault::lost_request : fault, [&] {
    StatusAnswer answer;
    for (const JobRef& ref : request.jobs) {
      JobStatus status;
      status.job = ref.job;
      const auto found = jobs_.find(ref.job);
      // Who cannot be asked whether an id arrived knows a job only by the handle that it gave.
      const bool isKnown = found != jobs_.end() && found->second.is_there &&
                           (world_.plan().level != Idempotency::c0 || !ref.handle.empty());
      if (isKnown) {
        const Accepted& accepted = found->second;
        RunStatus run;
        run.scenario = "only";
        run.state = stateOf(ref.job, accepted);
        if (run.state != State::waiting && accepted.ended_early != accepted.at) run.started_at = world_.now();
        if (hasEnded(run.state)) run.finished_at = world_.now();
        run.log_bytes = static_cast<std::int64_t>(logSize(ref.job, accepted));
        status.state = run.state;
        status.runs.push_back(run);
      }
      answer.jobs.push_back(status);
    }
    return answer;
  });
}

LogPart Remote::read_log(const LogRequest& request, Call&) {
  const Fault fault = world_.nextCall();
  return withFault<LogPart>(world_, fault == Fault::late ? Fault::lost_request : fault, [&] {
    const auto found = jobs_.find(request.job);
    if (found == jobs_.end() || !found->second.is_there) throw NotFound("no job " + request.job);
    LogPart part;
    const bool ended = hasEnded(stateOf(request.job, found->second));
    if (request.scenario.empty()) {
      part.complete = ended;
      return part;
    }
    const std::string text = logOf(request.job).substr(0, logSize(request.job, found->second));
    // Short answers, so that a log takes several.
    const auto offset = std::min(static_cast<std::size_t>(request.offset), text.size());
    const std::string bytes = text.substr(offset, std::min<std::size_t>(1000, static_cast<std::size_t>(request.limit)));
    part.complete = ended && offset + bytes.size() == text.size();
    part.data = Bytes(bytes);
    return part;
  });
}

None Remote::abort(const JobRef& ref, Call&) {
  const std::string job = ref.job;
  return withFault<None>(world_, world_.nextCall(), [this, job] {
    const auto found = jobs_.find(job);
    if (found == jobs_.end() || !found->second.is_there) throw NotFound("no job " + job);
    if (!hasEnded(stateOf(job, found->second))) found->second.ended_early = world_.steady();
    return None();
  });
}

None Remote::remove(const JobRef& ref, Call&) {
  const std::string job = ref.job;
  return withFault<None>(world_, world_.nextCall(), [this, job] {
    Accepted& known = jobs_[job];
    if (known.is_there && !hasEnded(stateOf(job, known))) known.ended_early = world_.steady();
    known.is_there = false;
    known.was_removed = true;
    return None();
  });
}

Health Remote::health(const HealthRequest&, Call&) {
  const Fault fault = world_.nextCall();
  return withFault<Health>(world_, fault == Fault::late ? Fault::lost_request : fault, [] { return Health{}; });
}

State Remote::stateOf(const std::string& job, const Accepted& accepted) const {
  if (accepted.ended_early) return State::aborted;
  const PlannedJob& plan = planned(job);
  if (world_.steady() < accepted.at + plan.wait) return State::waiting;
  return world_.steady() < accepted.at + plan.wait + plan.duration ? State::in_progress : plan.verdict;
}

const std::string& Remote::logOf(const std::string& job) const {
  std::string& text = logs_[job];
  while (text.size() < planned(job).log_bytes) text += "line " + std::to_string(text.size()) + " of job " + job + "\n";
  return text;
}

std::size_t Remote::logSize(const std::string& job, const Accepted& accepted) const {
  const PlannedJob& plan = planned(job);
  const auto until = accepted.ended_early.value_or(world_.steady());
  const auto ran = until - (accepted.at + plan.wait);
  if (ran <= Clock::Steady::duration::zero()) return 0;
  const std::size_t whole = logOf(job).size();
  if (ran >= plan.duration) return whole;
  return static_cast<std::size_t>(static_cast<double>(whole) *
                                  (std::chrono::duration<double>(ran) / std::chrono::duration<double>(plan.duration)));
}

Remote::History Remote::historyOf(const std::string& job) const {
  const auto found = jobs_.find(job);
  if (found == jobs_.end()) return {};
  const State state = stateOf(job, found->second);
  return {found->second.times, found->second.is_there, found->second.was_removed, hasEnded(state), state};
}

}  // namespace testarena::server::simulation
