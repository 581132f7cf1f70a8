// SPDX-License-Identifier: Apache-2.0
#include "answers.h"

namespace testarena::dummy_executor {
namespace {

RunStatus statusOf(const Farm::Run& run, Farm::Clock::time_point now, const Epoch& epoch) {
  RunStatus status;
  status.scenario = run.request.scenario;
  status.attempt = run.request.attempt;
  status.path = run.request.path;
  status.expanded_from = run.request.expanded_from;
  status.state = run.state;
  if (run.startedAt) status.started_at = epoch(*run.startedAt);
  if (run.finishedAt) status.finished_at = epoch(*run.finishedAt);
  status.log_bytes = Farm::logSizeOf(run, now);
  if (run.state == State::passed) status.exit_code = 0;
  if (run.state == State::failed) status.exit_code = 1;
  if (run.state == State::skipped) status.exit_code = 77;
  if (run.state == State::errored) status.reason = "the dummy was told to have an error";
  return status;
}

}  // namespace

JobStatus trueStatus(const Farm::Job& job, Farm::Clock::time_point now, const Epoch& epoch) {
  JobStatus status;
  status.job = job.submission.job;
  status.state = Farm::stateOf(job);
  if (status.state == State::waiting) status.reason = "waits for a slot";
  for (const Farm::Run& run : job.runs) status.runs.push_back(statusOf(run, now, epoch));
  return status;
}

JobStatus lyingStatus(const Farm::Job& job) {
  JobStatus status;
  status.job = job.submission.job;
  status.state = State::passed;
  for (const Farm::Run& run : job.runs) {
    RunStatus told;
    told.scenario = run.request.scenario;
    told.attempt = run.request.attempt;
    told.state = State::passed;
    told.exit_code = 0;
    status.runs.push_back(told);
  }
  return status;
}

JobStatus garbageStatus(const Farm::Job& job) {
  JobStatus status;
  status.job = job.submission.job;
  switch ((job.statusAsked - 1) % 4) {  // the first answer was counted already
    case 0:                             // somebody else's job
      status.job = job.submission.job + "0";
      status.state = State::passed;
      break;
    case 1:  // ended, with nothing that ran
      status.state = State::passed;
      break;
    case 2:  // runs nobody asked for, with sizes and times that cannot be
      status.state = State::in_progress;
      for (int i = 0; i < 3; ++i) {
        RunStatus run;
        run.scenario = "../../etc/passwd";
        run.attempt = -i;
        run.state = State::skipped;
        run.log_bytes = -1;
        run.finished_at = Time(std::chrono::microseconds(-1));
        status.runs.push_back(run);
      }
      break;
    default:  // a log that shrinks
      status.state = State::in_progress;
      status.log_bytes = 1'000'000 - job.statusAsked;
      status.next_poll = std::chrono::hours(-1);
      break;
  }
  return status;
}

}  // namespace testarena::dummy_executor
