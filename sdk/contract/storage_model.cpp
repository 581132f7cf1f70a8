// SPDX-License-Identifier: Apache-2.0
#include "storage_model.h"

#include <algorithm>

namespace testarena::contract {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool matches(const JobRow& row, const JobQuery& query) {
  if (!query.user.empty() && lower(row.user) != lower(query.user)) return false;
  if (!query.environment.empty() && row.environment != query.environment) return false;
  if (!query.branch.empty() && row.branch != query.branch) return false;
  if (query.state && row.state != *query.state) return false;
  if (query.after && row.id >= *query.after) return false;
  return query.q.empty() || std::to_string(row.id) == query.q ||
         lower(row.user).find(lower(query.q)) != std::string::npos;
}

RunCounts countRuns(const std::vector<Run>& runs) {
  const auto count = [&](State state) {
    return std::count_if(runs.begin(), runs.end(), [&](const Run& run) { return run.state == state; });
  };
  return {count(State::waiting), count(State::in_progress), count(State::passed), count(State::failed),
          count(State::skipped), count(State::errored),     count(State::aborted)};
}

}  // namespace

void StorageModel::update(const JobUpdate& update) {
  Job& job = jobs_.at(update.id);
  ++job.row.revision;
  job.row.state = update.state;
  job.row.reason = update.reason;
  job.row.started_at = update.started_at;
  job.row.finished_at = update.finished_at;
  const Intent intent = job.progress.intent;
  const bool deleted = job.progress.deleted;
  job.progress = update.progress;
  job.progress.intent = intent;
  job.progress.deleted = deleted;
  const auto find = [&](const std::string& scenario, std::int64_t attempt) {
    return std::find_if(job.runs.begin(), job.runs.end(),
                        [&](const Run& run) { return run.scenario == scenario && run.attempt == attempt; });
  };
  for (const RunRequest& gone : update.obsolete) {
    if (const auto place = find(gone.scenario, gone.attempt); place != job.runs.end()) job.runs.erase(place);
  }
  for (const Run& run : update.runs) {
    const auto place = find(run.scenario, run.attempt);
    if (place != job.runs.end()) {
      *place = run;
    } else {
      job.runs.push_back(run);
    }
  }
  job.row.counts = countRuns(job.runs);
}

void StorageModel::intend(std::int64_t id, Intent intent) {
  Job& job = jobs_.at(id);
  if (job.progress.intent == intent || job.progress.intent == Intent::remove) return;
  if (intent == Intent::abort && hasEnded(job.row.state)) return;
  ++job.row.revision;
  job.progress.intent = intent;
  if (intent == Intent::remove) {
    job.progress.deleted = true;
    if (job.progress.phase == Phase::closed)
      job.progress.phase = job.progress.sent_at ? Phase::cleaning : Phase::unsent;
  }
}

JobPage StorageModel::list(const JobQuery& query) const {
  JobPage page;
  for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job) {
    if (job->second.progress.deleted || !matches(job->second.row, query)) continue;
    if (static_cast<std::int64_t>(page.jobs.size()) == query.limit) {
      page.next = page.jobs.back().id;
      break;
    }
    page.jobs.push_back(job->second.row);
  }
  return page;
}

std::vector<std::int64_t> StorageModel::open(const std::string& environment) const {
  std::vector<std::int64_t> ids;
  for (const auto& [id, job] : jobs_) {
    if (job.row.environment == environment && job.progress.phase != Phase::closed) ids.push_back(id);
  }
  return ids;
}

}  // namespace testarena::contract
