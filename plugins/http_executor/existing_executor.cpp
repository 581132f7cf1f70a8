// SPDX-License-Identifier: Apache-2.0
#include "existing_executor.h"

#include <algorithm>
#include <thread>

#include <testarena/error.h>

#include "submission_check.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int64_t kMaxBatch = 50;
constexpr auto kReadAgain = 250ms;      // how often a reader of a log makes us ask for the state
constexpr auto kVerdictMayFollow = 5s;  // a server that writes "Finished" first and the verdict then
constexpr auto kLogMayFollow = 5s;      // how long a verdict waits for its log
constexpr auto kAbortTakes = 20s;       // some workers are dead: their queues stay "Running" for ever
constexpr auto kAnswerTime = 500ms;     // what a call needs at its end
constexpr int64_t kMostOfALog = int64_t{4} << 20;
constexpr const char* kOwnLog = "job";

std::string logName(std::size_t index) {
  return std::to_string(index + 1);
}

bool hasEnded(const JobRecord& record) {
  return std::all_of(record.runs.begin(), record.runs.end(),
                     [](const RunRecord& run) { return testarena::hasEnded(run.status.state); });
}

/// As the host concludes it.
State verdictOf(const std::vector<RunStatus>& runs) {
  State worst = State::passed;
  for (const RunStatus& run : runs) {
    if (run.state == State::aborted) worst = State::aborted;
    if (run.state == State::errored && worst != State::aborted) worst = State::errored;
    if (run.state == State::failed && worst == State::passed) worst = State::failed;
  }
  return worst;
}

JobRecord newRecord(const Submission& submission) {
  JobRecord record;
  record.submission = submission;
  for (const RunRequest& run : submission.runs) {
    RunStatus& status = record.runs.emplace_back().status;
    status.scenario = run.scenario;
    status.attempt = run.attempt;
    status.path = run.path;
    status.expanded_from = run.expanded_from;
    status.state = State::waiting;
  }
  return record;
}

std::size_t indexOf(const JobRecord& record, const std::string& scenario, int64_t attempt) {
  for (std::size_t i = 0; i < record.runs.size(); ++i) {
    const RunStatus& run = record.runs[i].status;
    if (run.scenario == scenario && run.attempt == attempt) return i;
  }
  throw NotFound("job " + record.submission.job + " has no such run");
}

/// Whether what went wrong was the way to the server, or the time, rather than one answer.
bool isSilence(const Error& error) {
  return error.code() == Code::unavailable || error.code() == Code::deadline_exceeded;
}

}  // namespace

ExistingExecutor::ExistingExecutor(const Profile& profile, Remote& remote, const Host& host)
    : profile_(profile),
      host_(host),
      server_(profile, remote),
      book_(profile.folder / "jobs"),
      logs_(profile, remote) {}

ExecutorCapabilities ExistingExecutor::capabilities(const CapabilitiesRequest&, Call&) {
  ExecutorCapabilities can;
  can.idempotency = Idempotency::c2;
  can.in_flight = profile_.settings.in_flight;
  can.max_batch = kMaxBatch;
  can.pins_commit = false;  // it runs whatever the branch has become
  can.abort_run = true;
  return can;
}

std::shared_ptr<ExistingExecutor::Job> ExistingExecutor::jobOf(const std::string& id, Keep keep) {
  const std::lock_guard lock(mutex_);
  if (const auto known = jobs_.find(id); known != jobs_.end()) return known->second;
  const auto job = std::make_shared<Job>();
  job->record = book_.load(id);
  if (job->record || keep == Keep::always) jobs_.emplace(id, job);
  return job;
}

void ExistingExecutor::drop(const std::string& id) {
  book_.forget(id);
  logs_.forget(id);
  const std::lock_guard lock(mutex_);
  jobs_.erase(id);
}

bool ExistingExecutor::knows(const std::string& id, const Call& call) {
  return server_.queue(profile_.queueOf(id), call).has_value();
}

// ---- Submitting

Submitted ExistingExecutor::accepted(Job& job, const std::string& id) {
  if (!job.record->accepted) {
    job.record->accepted = true;
    book_.save(*job.record);
  }
  return {profile_.queueOf(id)};
}

Submitted ExistingExecutor::submit(const Submission& submission, Call& call) {
  check(submission);
  const std::string& id = submission.job;
  const auto job = jobOf(id, Keep::always);
  const std::lock_guard lock(job->mutex);
  if (job->record) {
    // It may have been sent in an earlier life, or by an earlier try: such a server would run it twice.
    const bool isSame = job->record->submission == submission;
    if (knows(id, call)) {
      if (isSame) return accepted(*job, id);
      throw Conflict("job " + id + " is known to the server with other content");
    }
    if (!isSame) job->record.reset();
  }
  if (!job->record) {
    job->record = newRecord(submission);
    book_.save(*job->record);
  }
  const Posted posted = server_.post(submission, call);
  return conclude(*job, submission, posted, call);
}

Submitted ExistingExecutor::conclude(Job& job, const Submission& submission, const Posted& posted, const Call& call) {
  const std::string& id = submission.job;
  if (posted.is == Posted::Is::accepted) return accepted(job, id);
  if (posted.is == Posted::Is::not_sent) throw Unavailable(posted.problem);
  bool isKnown = false;
  try {
    isKnown = knows(id, call);
  } catch (const Error& error) {
    throw Unavailable(posted.problem + "; and whether the job arrived is not known: " + error.what());
  }
  if (isKnown) return accepted(job, id);
  if (posted.is == Posted::Is::unknown) {
    throw Unavailable(posted.problem + "; the server does not know the job yet, but the request may be under way");
  }
  const auto forget = [&] {
    drop(id);
    job.record.reset();
  };
  const int status = posted.status;
  if (posted.otherId) {
    // Whatever it has made of it: sending it again would make another one.
    forget();
    throw Invalid(posted.problem + "; it does not know the id that it was given, so this server cannot be used");
  }
  if (status == 401 || status == 403) {
    forget();
    throw Denied(posted.problem + ": check `token`");
  }
  if (status == 409) {
    forget();
    throw Conflict(posted.problem);
  }
  if (status == 400 || status == 413 || status == 422) {
    forget();
    throw Invalid(posted.problem);
  }
  if (status >= 300 && status < 500 && status != 408 && status != 429) {
    throw Unavailable(posted.problem + ": check `url` and `prefix`");
  }
  throw Retry(posted.problem + "; the server has not taken the job");
}

// ---- Asking

bool ExistingExecutor::refresh(Job& job, const std::string& id, const std::optional<std::string>& word,
                               const Call& call) {
  job.askedAt = Clock::now();
  const std::string queue = profile_.queueOf(id);
  std::string told;
  if (word) {
    told = *word;
  } else {
    const auto status = server_.queue(queue, call);
    if (!status) return false;
    told = *status->word("status");
  }
  job.queue = queueStateOf(told);
  if (!job.record) return true;
  if (!job.record->accepted) {
    job.record->accepted = true;  // the answer to the submission was lost, the submission was not
    book_.save(*job.record);
  }
  refreshRuns(job, queue, job.queue, call);
  return true;
}

void ExistingExecutor::refreshRuns(Job& job, const std::string& queue, QueueState state, const Call& call) {
  auto& runs = job.record->runs;
  const JobRecord before = *job.record;
  const auto isOpen = [](const RunRecord& run) { return !hasEnded(run.status.state); };
  const bool hasBegun =
      std::any_of(runs.begin(), runs.end(), [](const RunRecord& run) { return run.status.state != State::waiting; });
  // One task that has been aborted ends in a queue that waits.
  const bool anyAbortAsked =
      std::any_of(runs.begin(), runs.end(), [](const RunRecord& run) { return run.abort_asked; });
  if (state == QueueState::waiting && !hasBegun && !anyAbortAsked) return;
  try {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (isOpen(runs[i])) take(job, i, server_.task(taskOf(queue, i), call), state);
    }
  } catch (const Error&) {
    if (*job.record != before) book_.save(*job.record);
    throw;
  }
  if (*job.record != before) book_.save(*job.record);
}

void ExistingExecutor::take(Job& job, std::size_t index, const std::optional<json::Value>& status, QueueState queue) {
  RunRecord& run = job.record->runs[index];
  const bool queueEnded = queue == QueueState::finished || queue == QueueState::aborted;
  const TaskTold told = status ? profile_.words.read(*status) : TaskTold();
  if (told.is != TaskTold::Is::waiting && status && !run.status.started_at && told.is != TaskTold::Is::aborted) {
    run.status.started_at = host_.now();
    run.status.state = State::in_progress;
  }
  switch (told.is) {
    case TaskTold::Is::verdict:
      return end(run, told.state, "");
    case TaskTold::Is::aborted:
      return end(run, State::aborted, "");
    case TaskTold::Is::finished: {
      const auto since = job.finishedAt.try_emplace(index, Clock::now()).first->second;
      if (queueEnded || Clock::now() - since >= kVerdictMayFollow) endOpenRun(job, run, queue, told.word);
      return;
    }
    case TaskTold::Is::waiting:
    case TaskTold::Is::running:
      if (queueEnded) endOpenRun(job, run, queue, status ? told.word : "not known");
  }
}

void ExistingExecutor::endOpenRun(Job& job, RunRecord& run, QueueState queue, const std::string& word) {
  // Such servers say "Finished" of what was aborted, too.
  if (queue == QueueState::aborted || job.record->abort_asked || run.abort_asked) return end(run, State::aborted, "");
  const bool finished = queueStateOf(word) == QueueState::finished;
  end(run, State::errored,
      finished ? "the server has finished it without a verdict"
               : "the server has finished the job, but says '" + word + "' of this scenario, which is no verdict");
}

void ExistingExecutor::end(RunRecord& run, State state, const std::string& reason) {
  run.status.state = state;
  run.status.reason = reason;
  run.status.finished_at = host_.now();
  if (run.status.started_at && *run.status.finished_at < *run.status.started_at) {
    run.status.finished_at = run.status.started_at;
  }
}

StatusAnswer ExistingExecutor::status(const StatusRequest& request, Call& call) {
  // Of many jobs the queues are asked for with one request; where that does not work, each by itself.
  std::map<std::string, std::string> queues;
  const auto isOpen = [&](const JobRef& ref) {
    if (!isJobId(ref.job)) return false;
    const auto job = jobOf(ref.job);
    const std::lock_guard lock(job->mutex);
    return job->record && !hasEnded(*job->record);
  };
  if (std::count_if(request.jobs.begin(), request.jobs.end(), isOpen) > 1) {
    try {
      queues = server_.queues(call);
    } catch (const Denied&) {
      throw;
    } catch (const Error& error) {
      if (call.cancelled()) throw;
      host_.debug(error.what());
    }
  }
  StatusAnswer answer;
  std::optional<Error> silence;
  bool anyHeard = false;
  int silent = 0;  // in a row
  for (const JobRef& ref : request.jobs) {
    JobStatus& told = answer.jobs.emplace_back();
    told.job = ref.job;
    if (!isJobId(ref.job)) continue;  // no server knows it
    const auto job = jobOf(ref.job);
    const std::lock_guard lock(job->mutex);
    try {
      // After two silences in a row the others are told as they were, and asked the next time.
      if (silent >= 2) throw *silence;
      if (call.remaining() < kAnswerTime) throw DeadlineExceeded("there was no time left to ask the server");
      const bool isKnown = ask(*job, ref.job, queues, call);
      job->trouble.clear();
      anyHeard = true;
      silent = 0;
      if (!isKnown) continue;  // `unknown`
    } catch (const Error& error) {
      // Of a job that is not known to have arrived nothing can be told but what the server says now.
      if (!isSilence(error) || !job->record || !job->record->accepted) throw;
      if (silent < 2) job->trouble = error.what();
      silence = error;
      ++silent;
    }
    told = tell(*job, ref.job);
  }
  if (!anyHeard && silence) throwError(silence->code(), silence->what());
  return answer;
}

bool ExistingExecutor::ask(Job& job, const std::string& id, const std::map<std::string, std::string>& queues,
                           const Call& call) {
  if (job.record && hasEnded(*job.record)) return true;
  const auto listed = queues.find(profile_.queueOf(id));
  return refresh(job, id, listed != queues.end() ? std::optional(listed->second) : std::nullopt, call);
}

JobStatus ExistingExecutor::tell(Job& job, const std::string& id) {
  JobStatus told;
  told.job = id;
  told.state = State::in_progress;
  told.reason = job.trouble;
  if (!job.record) {
    // Known there, but not here: it was not this data folder that it was sent from.
    told.reason = "it was not submitted from this data folder: which scenarios it has is not known";
    if (job.queue == QueueState::waiting) told.state = State::waiting;
    if (job.queue == QueueState::finished) told.state = State::errored;
    if (job.queue == QueueState::aborted) told.state = State::aborted;
    return told;
  }
  JobRecord& record = *job.record;
  const JobRecord before = record;
  followLogs(job, id);
  bool allEnded = true;
  for (std::size_t i = 0; i < record.runs.size(); ++i) {
    RunRecord& run = record.runs[i];
    RunStatus& shown = told.runs.emplace_back(run.status);
    if (!testarena::hasEnded(run.status.state)) {
      allEnded = false;
      continue;
    }
    const auto since = job.endSeenAt.try_emplace(i, Clock::now()).first->second;
    run.end_told = run.end_told || run.log_settled || Clock::now() - since >= kLogMayFollow;
    if (run.end_told) {
      if (profile_.report.isSet() && run.status.started_at)
        shown.report_url = profile_.report.fill(valuesOf(record, i));
      continue;
    }
    allEnded = false;
    shown.state = shown.started_at ? State::in_progress : State::waiting;
    shown.reason.clear();
    shown.finished_at.reset();
  }
  told.log_bytes = record.own.status.log_bytes;
  if (allEnded) {
    told.state = verdictOf(told.runs);
    told.reason.clear();
  } else {
    const auto waits = [](const RunStatus& run) { return run.state == State::waiting; };
    if (std::all_of(told.runs.begin(), told.runs.end(), waits)) told.state = State::waiting;
    const bool ending = hasEnded(record);
    told.next_poll = ending ? std::min<std::chrono::milliseconds>(100ms, profile_.settings.poll_interval)
                            : profile_.settings.poll_interval;
  }
  if (record != before) book_.save(record);
  return told;
}

// ---- Logs

UrlValues ExistingExecutor::valuesOf(const JobRecord& record, std::size_t index) const {
  const std::string queue = profile_.queueOf(record.submission.job);
  if (index >= record.runs.size()) return {queue, "", "", "", 1};
  const RunStatus& run = record.runs[index].status;
  return {queue, taskOf(queue, index), run.scenario, run.path.empty() ? run.scenario : run.path, run.attempt};
}

std::string ExistingExecutor::logUrl(const JobRecord& record, std::size_t index) const {
  return profile_.log.fill(valuesOf(record, index));
}

void ExistingExecutor::followLogs(Job& job, const std::string& id) {
  JobRecord& record = *job.record;
  const bool perRun = profile_.log.isSet() && profile_.log.isPerRun();
  const bool perJob = profile_.log.isSet() && !perRun;
  for (std::size_t i = 0; i < record.runs.size(); ++i) {
    RunRecord& run = record.runs[i];
    const bool runEnded = testarena::hasEnded(run.status.state);
    if (run.log_settled || (!runEnded && !run.status.started_at)) continue;
    if (perRun && run.status.started_at) {
      followLog(run, id, logName(i), logUrl(record, i), runEnded);
    } else if (runEnded && !perJob) {
      run.log_settled = true;  // there is none
    }
  }
  if (perJob && !record.own.log_settled) {
    followLog(record.own, id, kOwnLog, logUrl(record, record.runs.size()), hasEnded(record));
  } else if (!perJob && hasEnded(record)) {
    record.own.log_settled = true;
  }
  if (!perJob || !record.own.log_settled) return;
  for (RunRecord& run : record.runs) run.log_settled = true;
}

void ExistingExecutor::followLog(RunRecord& run, const std::string& job, const std::string& name,
                                 const std::string& url, bool hasEnded) {
  const LogState state = logs_.want(job, name, url, hasEnded);
  run.status.log_bytes = std::max(run.status.log_bytes, state.bytes);
  run.log_settled = state.settled;
  run.log_problem = state.problem;
}

LogPart ExistingExecutor::partOf(const LogRequest& request, const RunRecord& run, const std::string& name,
                                 bool hasEnded) const {
  LogPart part;
  std::string data = logs_.read(request.job, name, request.offset, std::min(request.limit, kMostOfALog));
  const int64_t size = logs_.sizeOf(request.job, name);
  const bool reachesEnd = request.offset >= size || request.offset + static_cast<int64_t>(data.size()) >= size;
  if (hasEnded && run.log_settled && reachesEnd) {
    if (data.empty() && !run.log_problem.empty()) throw OutOfRange(run.log_problem);
    part.complete = run.log_problem.empty();
  }
  part.data = Bytes(std::move(data));
  return part;
}

LogPart ExistingExecutor::read_log(const LogRequest& request, Call& call) {
  if (request.offset < 0) throw Invalid("an offset is not negative", "/offset");
  if (request.limit < 1) throw Invalid("a limit is at least 1", "/limit");
  checkJobId(request.job);
  const auto job = jobOf(request.job);
  const std::lock_guard lock(job->mutex);
  if (!job->record) throw NotFound("job " + request.job + " is not known here");
  JobRecord& record = *job->record;
  const bool isOwn = request.scenario.empty();
  const std::size_t index = isOwn ? 0 : indexOf(record, request.scenario, request.attempt);
  if (!hasEnded(record) && Clock::now() - job->askedAt >= kReadAgain) {
    try {
      refresh(*job, request.job, std::nullopt, call);
    } catch (const Error& error) {
      if (!isSilence(error)) throw;  // what is here already can be read all the same
    }
  }
  const JobRecord before = record;
  followLogs(*job, request.job);
  if (record != before) book_.save(record);
  if (isOwn) return partOf(request, record.own, kOwnLog, hasEnded(record));
  return partOf(request, record.runs[index], logName(index), testarena::hasEnded(record.runs[index].status.state));
}

// ---- Ending

None ExistingExecutor::abort(const JobRef& ref, Call& call) {
  checkJobId(ref.job);
  const auto job = jobOf(ref.job);
  const std::lock_guard lock(job->mutex);
  if (job->record && hasEnded(*job->record)) return {};
  bool isKnown = false;
  try {
    isKnown = server_.abort(profile_.queueOf(ref.job), call);
  } catch (const Unavailable&) {
    // What a server answers to an abort of what has ended is written nowhere.
    if (!job->record || !refresh(*job, ref.job, std::nullopt, call) || !hasEnded(*job->record)) throw;
    return {};
  }
  if (!isKnown) throw NotFound("job " + ref.job + " is not known to the server");
  job->abortedAt = Clock::now();
  if (job->record && !job->record->abort_asked) {
    job->record->abort_asked = true;
    book_.save(*job->record);
  }
  return {};
}

None ExistingExecutor::abort_run(const RunRef& ref, Call& call) {
  checkJobId(ref.job);
  const auto job = jobOf(ref.job);
  const std::lock_guard lock(job->mutex);
  if (!job->record) throw NotFound("job " + ref.job + " is not known here");
  const std::size_t index = indexOf(*job->record, ref.scenario, ref.attempt);
  RunRecord& run = job->record->runs[index];
  if (testarena::hasEnded(run.status.state)) return {};
  try {
    if (!server_.abort(taskOf(profile_.queueOf(ref.job), index), call)) {
      throw NotFound("job " + ref.job + " has no such run on the server");
    }
  } catch (const Unavailable&) {
    if (!refresh(*job, ref.job, std::nullopt, call) || !testarena::hasEnded(run.status.state)) throw;
    return {};
  }
  if (!run.abort_asked) {
    run.abort_asked = true;
    book_.save(*job->record);
  }
  return {};
}

None ExistingExecutor::remove(const JobRef& ref, Call& call) {
  checkJobId(ref.job);
  const auto job = jobOf(ref.job);
  const std::lock_guard lock(job->mutex);
  const std::string queue = profile_.queueOf(ref.job);
  const auto isOpen = [&] {
    const auto status = server_.queue(queue, call);
    if (!status) return false;
    const QueueState state = queueStateOf(*status->word("status"));
    return state == QueueState::waiting || state == QueueState::running;
  };
  // A server pulls the folder away under a running worker: it is ended first.
  if (!(job->record && hasEnded(*job->record)) && isOpen()) {
    server_.abort(queue, call);
    if (!job->abortedAt) job->abortedAt = Clock::now();
    while (isOpen() && Clock::now() - *job->abortedAt < kAbortTakes) {
      if (call.remaining() < kAnswerTime) throw Unavailable("job " + ref.job + " was aborted, but still runs");
      std::this_thread::sleep_for(100ms);
    }
  }
  server_.remove(queue, call);
  drop(ref.job);
  job->record.reset();
  return {};
}

Health ExistingExecutor::health(const HealthRequest&, Call& call) {
  Health health;
  for (const auto& [id, word] : server_.queues(call)) {
    if (queueStateOf(word) == QueueState::waiting) ++health.queued;
  }
  health.state = HealthState::ok;
  return health;
}

}  // namespace testarena::http_executor
