// SPDX-License-Identifier: Apache-2.0
#include "dummy_executor.h"

#include <algorithm>
#include <thread>

#include <testarena/error.h>

#include "answers.h"

namespace testarena::dummy_executor {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookForCancel = 50ms;
constexpr const char* kArtifact = "notes.txt";

const Settings& checked(const Settings& settings) {
  if (settings.slots < 1) throw Invalid("slots must be at least 1", "/slots");
  if (settings.idempotency == Idempotency::unknown) throw Invalid("idempotency is c0, c1, c2 or c3", "/idempotency");
  return settings;
}

/// Until `until`, or until nobody waits any more.
void sleepUntil(Call::Clock::time_point until, const Call& call) {
  while (Call::Clock::now() < until) {
    call.check();
    std::this_thread::sleep_for(std::min<Call::Clock::duration>(kLookForCancel, until - Call::Clock::now()));
  }
}

bool isHostile(const std::string& job) {
  const auto isAllowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == ':' || c == '-';
  };
  return job.empty() || job.size() > 128 || job[0] == '.' || job[0] == ':' || job[0] == '-' ||
         !std::all_of(job.begin(), job.end(), isAllowed);
}

void check(const Submission& submission) {
  if (isHostile(submission.job)) throw Invalid("no id of a job", "/job");
  if (submission.runs.empty()) throw Invalid("a job has at least one run", "/runs");
  std::set<std::pair<std::string, int64_t>> seen;
  for (const RunRequest& run : submission.runs) {
    if (run.scenario.empty() || run.attempt < 1) throw Invalid("a run has a scenario and an attempt from 1", "/runs");
    if (!seen.emplace(run.scenario, run.attempt).second) throw Invalid("a run comes twice", "/runs");
  }
}

LogPart part(std::string data, bool complete) {
  LogPart part;
  part.complete = complete;
  part.data = Bytes(std::move(data));
  return part;
}

}  // namespace

DummyExecutor::DummyExecutor(const Settings& settings, const Host& host)
    : settings_(checked(settings)), born_(host.now()), farm_(settings.slots, settings.latency) {}

ExecutorCapabilities DummyExecutor::capabilities(const CapabilitiesRequest&, Call&) {
  ExecutorCapabilities capabilities;
  capabilities.idempotency = settings_.idempotency;
  capabilities.in_flight = settings_.idempotency == Idempotency::c3 ? 0ms : settings_.in_flight;
  capabilities.wait_changes = settings_.push;
  capabilities.list = true;
  capabilities.artifacts = true;
  return capabilities;
}

Submitted DummyExecutor::submit(const Submission& submission, Call& call) {
  check(submission);
  Script manners;
  for (const RunRequest& run : submission.runs) {
    const Script script = readScript(run.scenario);
    if (script.refuse) throw Invalid("the dummy was told to refuse this job");
    if (script.loseRequest) throw Unavailable("the dummy has lost the request");
    manners.loseAnswer |= script.loseAnswer || script.denyAgain;
    manners.denyAgain |= script.denyAgain;
    manners.slowSubmit = std::max(manners.slowSubmit, script.slowSubmit);
  }
  const int64_t repeats = accept(submission);
  changed_.notify_all();
  if (manners.slowSubmit > 0ms) sleepUntil(Call::Clock::now() + manners.slowSubmit, call);
  if (repeats == 1 && manners.denyAgain) throw Denied("the dummy does not know the token for the moment");
  if (repeats == 0 && manners.loseAnswer) throw Unavailable("the dummy has accepted the job and lost the answer");
  return Submitted{"dummy-" + submission.job};
}

int64_t DummyExecutor::accept(const Submission& submission) {
  const std::lock_guard lock(mutex_);
  if (settings_.idempotency == Idempotency::c3) {
    if (removed_.count(submission.job) > 0) throw Conflict("job " + submission.job + " was removed");
    if (Farm::Job* known = farm_.find(submission.job)) {
      if (known->submission == submission) return ++known->repeats;
      throw Conflict("job " + submission.job + " is known with another content");
    }
  }
  farm_.remove(submission.job);
  farm_.add(submission);
  farm_.advance(Farm::Clock::now());
  return 0;
}

StatusAnswer DummyExecutor::status(const StatusRequest& request, Call& call) {
  StatusAnswer answer;
  for (const JobRef& ref : request.jobs) {
    {
      const std::lock_guard lock(mutex_);
      answer.jobs.push_back(statusOf(ref));
      const Farm::Job* job = farm_.find(ref.job);
      if (job == nullptr || !job->manners.hangStatus) continue;
    }
    sleepUntil(Call::Clock::time_point::max(), call);
  }
  return answer;
}

JobStatus DummyExecutor::statusOf(const JobRef& ref) {
  const Farm::Clock::time_point now = Farm::Clock::now();
  farm_.advance(now);
  Farm::Job* job = settings_.idempotency == Idempotency::c0 ? nullptr : farm_.find(ref.job);
  if (job == nullptr) {
    JobStatus unknown;
    unknown.job = ref.job;
    return unknown;
  }
  const int64_t asked = job->statusAsked++;
  if (job->manners.garbage) return garbageStatus(*job);
  if (job->manners.lieTerminal && asked == 0) return lyingStatus(*job);
  return trueStatus(*job, now, Epoch{bornSteady_, born_});
}

const Farm::Run& DummyExecutor::runOf(const std::string& job, const std::string& scenario, int64_t attempt) {
  farm_.advance(Farm::Clock::now());
  const Farm::Job* found = farm_.find(job);
  if (found == nullptr) throw NotFound("there is no job " + job);
  for (const Farm::Run& run : found->runs) {
    if (run.request.scenario == scenario && run.request.attempt == attempt) return run;
  }
  throw NotFound("job " + job + " has no such run");
}

LogPart DummyExecutor::read_log(const LogRequest& request, Call&) {
  if (request.offset < 0) throw Invalid("an offset is not negative", "/offset");
  if (request.limit < 1) throw Invalid("a limit is at least 1", "/limit");
  const std::lock_guard lock(mutex_);
  if (request.scenario.empty()) {
    if (farm_.find(request.job) == nullptr) throw NotFound("there is no job " + request.job);
    return part({}, true);  // the dummy has no setup
  }
  const Farm::Run& run = runOf(request.job, request.scenario, request.attempt);
  const int64_t size = Farm::logSizeOf(run, Farm::Clock::now());
  if (request.offset >= size) return part({}, hasEnded(run.state));
  const int64_t limit = std::min<int64_t>(request.limit, int64_t{16} << 20);
  std::string data = logBytes(run.script, request.offset, limit, size);
  const bool atEnd = request.offset + static_cast<int64_t>(data.size()) == size;
  return part(std::move(data), atEnd && hasEnded(run.state));
}

None DummyExecutor::abort(const JobRef& ref, Call&) {
  {
    const std::lock_guard lock(mutex_);
    const Farm::Clock::time_point now = Farm::Clock::now();
    farm_.advance(now);
    Farm::Job* job = farm_.find(ref.job);
    if (job == nullptr) throw NotFound("there is no job " + ref.job);
    farm_.abort(*job, now);
  }
  changed_.notify_all();
  return {};
}

None DummyExecutor::remove(const JobRef& ref, Call&) {
  if (isHostile(ref.job)) throw Invalid("no id of a job", "/job");
  {
    const std::lock_guard lock(mutex_);
    if (settings_.idempotency == Idempotency::c3) removed_.insert(ref.job);
    farm_.remove(ref.job);
  }
  changed_.notify_all();
  return {};
}

Health DummyExecutor::health(const HealthRequest&, Call&) {
  const std::lock_guard lock(mutex_);
  farm_.advance(Farm::Clock::now());
  Health health;
  health.state = HealthState::ok;
  health.version = "1.0.0";
  health.slots = settings_.slots;
  health.slots_used = farm_.countRuns(State::in_progress);
  health.queued = farm_.countRuns(State::waiting);
  return health;
}

Artifacts DummyExecutor::list_artifacts(const ArtifactsRequest& request, Call&) {
  const std::lock_guard lock(mutex_);
  const Farm::Run& run = runOf(request.job, request.scenario, request.attempt);
  if (!hasEnded(run.state)) throw WrongState("the run has not ended");
  return Artifacts{{{kArtifact, static_cast<int64_t>(run.request.scenario.size())}}};
}

LogPart DummyExecutor::read_artifact(const ArtifactRequest& request, Call&) {
  if (request.offset < 0 || request.limit < 1) throw Invalid("no part of a file");
  const std::lock_guard lock(mutex_);
  const Farm::Run& run = runOf(request.job, request.scenario, request.attempt);
  if (!hasEnded(run.state)) throw WrongState("the run has not ended");
  if (request.name != kArtifact) throw NotFound("the run has left no file of this name");
  const std::string& text = run.request.scenario;
  const auto offset = std::min(static_cast<std::size_t>(request.offset), text.size());
  std::string data = text.substr(offset, static_cast<std::size_t>(request.limit));
  const bool atEnd = offset + data.size() == text.size();
  return part(std::move(data), atEnd);
}

JobList DummyExecutor::list(const ListRequest& request, Call&) {
  const std::lock_guard lock(mutex_);
  farm_.advance(Farm::Clock::now());
  const auto limit = static_cast<std::size_t>(std::max<int64_t>(1, request.limit));
  JobList list;
  for (auto at = farm_.jobs().upper_bound(request.after); at != farm_.jobs().end(); ++at) {
    if (list.jobs.size() == limit) {
      list.next = list.jobs.back().job;
      break;
    }
    list.jobs.push_back({at->first, "dummy-" + at->first, Farm::stateOf(at->second)});
  }
  return list;
}

Changes DummyExecutor::wait_changes(const ChangesRequest& request, Call& call) {
  if (!settings_.push) throw Unsupported("`push` is off: this dummy does not tell of changes");
  const Call::Clock::time_point until = std::min(Call::Clock::now() + request.timeout, call.deadline());
  std::unique_lock lock(mutex_);
  int64_t after = farm_.revision();
  if (!request.cursor.empty()) after = std::strtoll(request.cursor.c_str(), nullptr, 10);
  for (;;) {
    const Farm::Clock::time_point now = Farm::Clock::now();
    farm_.advance(now);
    if (farm_.revision() != after || now >= until || call.cancelled()) break;
    const auto next = std::min(farm_.nextEvent(now).value_or(until), now + kLookForCancel);
    changed_.wait_until(lock, std::min(until, next));
  }
  Changes changes;
  changes.cursor = std::to_string(farm_.revision());
  for (const auto& [id, job] : farm_.jobs()) {
    if (job.revision > after) changes.jobs.push_back(id);
  }
  return changes;
}

}  // namespace testarena::dummy_executor
