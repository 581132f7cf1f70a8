// SPDX-License-Identifier: Apache-2.0
#include "memory_storage.h"

#include <algorithm>

#include "observe.h"

namespace testarena::server::simulation {

std::int64_t MemoryStorage::create(const NewJob& wanted) {
  Job job;
  job.row.id = ++lastId_;
  job.row.user = wanted.user;
  job.row.environment = wanted.environment;
  job.row.branch = wanted.branch;
  job.row.commit = wanted.commit;
  job.row.created_at = wanted.created_at;
  job.row.revision = 1;
  for (const RunRequest& request : wanted.runs) {
    Run run;
    run.scenario = request.scenario;
    run.attempt = request.attempt;
    job.runs.push_back(run);
  }
  job.row.counts = countRuns(job.runs);
  jobs_[job.row.id] = job;
  return job.row.id;
}

IntentAnswer MemoryStorage::intend(const IntentRequest& request) {
  Job& job = find(request.id);
  Intent& intent = job.progress.intent;
  const bool nothing = intent == request.intent || intent == Intent::remove ||
                       (request.intent == Intent::abort && hasEnded(job.row.state));
  if (nothing) return {false, job};
  ++job.row.revision;
  intent = request.intent;
  if (!request.reason.empty()) job.row.reason = request.reason;
  if (intent == Intent::remove) {
    job.progress.deleted = true;
    if (job.progress.phase == Phase::closed)
      job.progress.phase = job.progress.sent_at ? Phase::cleaning : Phase::unsent;
  }
  return {true, job};
}

Job MemoryStorage::get_job(const JobRequest& request, Call&) {
  return withFault<Job>(world_, nextCall(), [&] {
    const Job& job = find(request.id);
    if (job.progress.deleted && !request.with_deleted) throw NotFound("deleted");
    return job;
  });
}

Jobs MemoryStorage::open_jobs(const OpenJobsRequest& request, Call&) {
  return withFault<Jobs>(world_, nextCall(), [&] {
    Jobs open;
    for (const auto& [id, job] : jobs_) {
      if (id > request.after && job.progress.phase != Phase::closed) open.jobs.push_back(job);
    }
    return open;
  });
}

JobRevision MemoryStorage::update_job(const JobUpdate& update, Call&) {
  return withFault<JobRevision>(world_, nextCall(), [&] { return apply(update); });
}

JobRevision MemoryStorage::apply(const JobUpdate& update) {
  Job& job = find(update.id);
  if (job.row.revision != update.revision) throw Conflict("another revision");
  if (hasEnded(job.row.state) && update.state != job.row.state) {
    world_.broke("P4: job " + std::to_string(update.id) + " was " + std::string(enumName(job.row.state)) +
                 " and should become " + std::string(enumName(update.state)));
    throw WrongState("it has ended");
  }
  ++job.row.revision;
  job.row.state = update.state;
  job.row.reason = update.reason;
  job.row.started_at = update.started_at;
  job.row.finished_at = update.finished_at;
  const JobProgress before = job.progress;
  job.progress = update.progress;
  job.progress.intent = before.intent;
  job.progress.deleted = before.deleted;
  for (const Run& changed : update.runs) {
    for (Run& run : job.runs) {
      if (run.scenario != changed.scenario || run.attempt != changed.attempt) continue;
      if (hasEnded(run.state) && run.state != changed.state) world_.broke("P4: a run's end was taken back");
      run = changed;
    }
  }
  job.row.counts = countRuns(job.runs);
  return {job.row.revision};
}

IntentAnswer MemoryStorage::request_intent(const IntentRequest& request, Call&) {
  return withFault<IntentAnswer>(world_, nextCall(), [&] { return intend(request); });
}

None MemoryStorage::purge_job(const JobRequest& request, Call&) {
  return withFault<None>(world_, nextCall(), [&] {
    const auto job = jobs_.find(request.id);
    if (job == jobs_.end()) return None();
    if (!job->second.progress.deleted) throw WrongState("it is not deleted");
    jobs_.erase(job);
    return None();
  });
}

Job& MemoryStorage::find(std::int64_t id) {
  const auto job = jobs_.find(id);
  if (job == jobs_.end()) throw NotFound("no job " + std::to_string(id));
  return job->second;
}

/// A database on this machine does not answer late: what has not happened when the call ends never does.
Fault MemoryStorage::nextCall() {
  const Fault fault = world_.nextCall();
  return fault == Fault::late || fault == Fault::said_no ? Fault::lost_request : fault;
}

}  // namespace testarena::server::simulation
