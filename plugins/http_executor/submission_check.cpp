// SPDX-License-Identifier: Apache-2.0
#include "submission_check.h"

#include <algorithm>
#include <set>
#include <utility>

#include <testarena/error.h>

namespace testarena::http_executor {

bool isJobId(const std::string& job) {
  const auto begins = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const auto goesOn = [&](char c) { return begins(c) || c == '.' || c == ':' || c == '-'; };
  return !job.empty() && job.size() <= kMostOfAnId && begins(job[0]) && std::all_of(job.begin(), job.end(), goesOn);
}

void checkJobId(const std::string& job) {
  if (!isJobId(job)) throw Invalid("no id of a job: it must be like [A-Za-z0-9_][A-Za-z0-9._:-]{0,127}", "/job");
}

void check(const Submission& submission) {
  checkJobId(submission.job);
  if (submission.branch.empty()) throw Invalid("a job has a branch", "/branch");
  if (submission.runs.empty()) throw Invalid("a job has at least one run", "/runs");
  std::set<std::pair<std::string, int64_t>> seen;
  for (const RunRequest& run : submission.runs) {
    if (run.scenario.empty()) throw Invalid("a run names a scenario", "/runs");
    if (run.attempt < 1) throw Invalid("attempts count from 1", "/runs");
    if (!seen.emplace(run.scenario, run.attempt).second) throw Invalid("a run comes twice", "/runs");
  }
}

}  // namespace testarena::http_executor
