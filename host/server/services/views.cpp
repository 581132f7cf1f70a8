// SPDX-License-Identifier: Apache-2.0
#include "views.h"

namespace testarena::server {

JobView viewOf(const Job& job, const LogStore& logs) {
  JobView view;
  view.id = job.row.id;
  view.user = job.row.user;
  view.environment = job.row.environment;
  view.branch = job.row.branch;
  view.commit = job.row.commit;
  view.state = job.row.state;
  view.reason = job.row.reason;
  view.aborting = job.progress.intent == Intent::abort && !hasEnded(job.row.state);
  view.created_at = job.row.created_at;
  view.started_at = job.row.started_at;
  view.finished_at = job.row.finished_at;
  view.revision = job.row.revision;
  view.counts = job.row.counts;
  view.log_bytes = logs.size({job.row.id, "", 1});
  view.log_complete = job.progress.log_complete;
  view.runs = job.runs;
  for (auto& run : view.runs) {
    if (!run.log_complete) run.log_bytes = logs.size({job.row.id, run.scenario, run.attempt});
  }
  return view;
}

}  // namespace testarena::server
