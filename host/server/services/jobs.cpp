// SPDX-License-Identifier: Apache-2.0
#include "jobs.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <testarena/json.h>

#include "random.h"
#include "text.h"
#include "trace.h"

namespace testarena::server {
namespace {
constexpr auto kStorageLimit = std::chrono::seconds(10);
constexpr size_t kMostScenarios = 10'000;
constexpr size_t kLongestKey = 255;
}  // namespace

JobService::JobService(Storage& storage, Environments& environments, JobEvents& events, const LogStore& logs,
                       const Clock& clock)
    : storage_(storage), environments_(environments), events_(events), logs_(logs), clock_(clock) {}

std::vector<RunRequest> JobService::chosen(const JobOrder& order, const Scan& scan) const {
  if (order.scenarios.empty()) throw Invalid("choose at least one scenario", "/scenarios");
  if (order.scenarios.size() > kMostScenarios) {
    throw Invalid("a job has at most " + std::to_string(kMostScenarios) + " scenarios", "/scenarios");
  }
  std::unordered_map<std::string, const Scenario*> known;
  std::vector<std::string> names;
  for (const auto& scenario : scan.scenarios) {
    known.emplace(scenario.name, &scenario);
    names.push_back(scenario.name);
  }
  std::vector<RunRequest> runs;
  std::set<std::string> seen;
  for (size_t i = 0; i < order.scenarios.size(); ++i) {
    const auto& name = order.scenarios[i];
    const auto pointer = "/scenarios/" + std::to_string(i);
    const auto found = known.find(name);
    if (found == known.end()) {
      throw Invalid("there is no scenario '" + name + "' on this commit" + didYouMean(name, names), pointer);
    }
    if (!seen.insert(name).second) throw Invalid("the scenario '" + name + "' was chosen twice", pointer);
    runs.push_back({name, found->second->path, 1, found->second->expanded_from});
  }
  return runs;
}

/// An environment that does not exist is a mistake in the order here, not in the address.
Environment& JobService::named(const std::string& environment) const {
  try {
    return environments_.get(environment);
  } catch (const NotFound& error) {
    throw Invalid(error.what(), error.pointer());
  }
}

JobService::Submitted JobService::submit(const Actor& actor, const JobOrder& order, const std::string& idempotencyKey) {
  if (idempotencyKey.size() > kLongestKey)
    throw Invalid("Idempotency-Key has more than 255 characters", "Idempotency-Key");
  auto call = callWithin(kStorageLimit);
  const auto digest = sha256Hex(toJson(order));
  if (!idempotencyKey.empty()) {
    // The branch may have moved, or be gone, since the key was first used: what was acknowledged then counts.
    const auto earlier = storage_.find_submission({actor.username, idempotencyKey, digest}, call);
    if (earlier.creation == Creation::mismatch) throw KeyReused();
    if (earlier.creation == Creation::existing) return {explained(earlier.job), false};
  }
  auto& environment = named(order.environment);
  auto& discovery = environment.discovery();
  std::string commit;
  if (order.commit) {
    if (!discovery.contains(order.branch, *order.commit)) {
      throw Conflict(
          "the branch '" + order.branch + "' does not hold the commit " + *order.commit + "; validate the branch again",
          "/commit");
    }
    commit = *order.commit;
  } else {
    try {
      commit = discovery.resolve(order.branch).commit;
    } catch (const NotFound& error) {
      throw Invalid(error.what(), "/branch");
    }
  }
  NewJob job;
  job.runs = chosen(order, discovery.scan(commit));
  job.user = actor.username;
  job.environment = environment.name();
  job.branch = order.branch;
  job.commit = commit;
  job.created_at = clock_.now();
  job.idempotency_key = idempotencyKey;
  job.request_digest = digest;
  job.audit = {job.created_at, actor.username, actor.address, "job.submit", "", job.branch + " " + commit};

  auto storing = callWithin(kStorageLimit);  // of its own: a slow repository has used up the first
  auto created = storage_.create_job(job, storing);
  if (created.creation == Creation::mismatch) throw KeyReused();
  if (created.creation == Creation::created) {
    environment.wake(created.job.row.id);
    events_.jobChanged(explained(created.job));
    log_.info("job {}: submitted by {}: {} scenarios of {} at {} in {}", created.job.row.id, actor.username,
              job.runs.size(), job.branch, commit, job.environment);
  }
  return {explained(std::move(created.job)), created.creation == Creation::created};
}

Job JobService::explained(Job job) const {
  environments_.explain(job);
  return job;
}

Job JobService::get(int64_t id) {
  auto call = callWithin(kStorageLimit);
  return explained(storage_.get_job({id, false}, call));
}

JobPage JobService::list(const JobQuery& query) {
  auto call = callWithin(kStorageLimit);
  auto page = storage_.list_jobs(query, call);
  for (auto& row : page.jobs) environments_.explain(row);
  return page;
}

IntentAnswer JobService::request(const Actor& actor, int64_t id, Intent intent, const char* action,
                                 const std::string& reason) {
  const auto job = get(id);
  if (job.row.user != actor.username && !actor.isAdministrator()) {
    throw Denied("job " + std::to_string(id) + " belongs to " + job.row.user +
                 "; only they and administrators may do this");
  }
  auto call = callWithin(kStorageLimit);
  const auto subject = "job " + std::to_string(id);
  auto answer = storage_.request_intent(
      {id, intent, reason, {clock_.now(), actor.username, actor.address, action, subject, ""}}, call);
  if (answer.changed) {
    log_.info("job {}: {} by {}", id, action, actor.username);
    if (auto* environment = environments_.find(job.row.environment)) environment->wake(id);
  }
  return answer;
}

Job JobService::abort(const Actor& actor, int64_t id) {
  auto answer = request(actor, id, Intent::abort, "job.abort", "aborted by " + actor.username);
  auto job = explained(std::move(answer.job));
  if (answer.changed) events_.jobChanged(job);
  return job;
}

void JobService::remove(const Actor& actor, int64_t id) {
  const auto answer = request(actor, id, Intent::remove, "job.delete", "");
  if (answer.changed) events_.jobDeleted(answer.job);
}

}  // namespace testarena::server
