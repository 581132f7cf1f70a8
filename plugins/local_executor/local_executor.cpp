// SPDX-License-Identifier: Apache-2.0
#include "local_executor.h"

#include <unistd.h>

#include <testarena/error.h>

#include "artifacts.h"
#include "log_file.h"
#include "planner.h"
#include "status.h"

namespace testarena::local_executor {
namespace {

constexpr int64_t kBatch = 1000;
constexpr int64_t kLongestPage = 10'000;
constexpr const char* kRunsAsRoot =
    "scenarios run as root, with all rights on this machine: set run_as to an account made for them";

git::RepositorySettings repositoryOf(const Settings& settings) {
  if (settings.repository.empty()) throw Invalid("no repository is given", "/repository");
  git::RepositorySettings repository;
  repository.repository = settings.repository;
  repository.mirrors = std::filesystem::absolute(settings.data) / "mirrors";
  repository.credentials_file = settings.credentials_file;
  repository.key_file = settings.key_file;
  repository.known_hosts_file = settings.known_hosts_file;
  return repository;
}

bool runsAsRoot(const std::optional<Account>& account) {
  return account ? account->user == 0 : geteuid() == 0;
}

}  // namespace

LocalExecutor::LocalExecutor(const Settings& settings, const Host& host)
    : settings_(settings),
      host_(host),
      limits_(checkedLimits(settings)),
      account_(findAccount(settings.run_as)),
      root_(stateFolderOf(settings)),
      supervisor_(findSupervisor(settings)),
      repository_(repositoryOf(settings)) {
  if (runsAsRoot(account_)) host_.warning(kRunsAsRoot);
}

JobTable& LocalExecutor::table() {
  const std::lock_guard lock(opening_);
  if (scheduler_) return *table_;
  try {
    auto table = std::make_unique<JobTable>(root_, [this](const std::string& problem) { host_.error(problem); });
    if (account_) letThrough(settings_.data, root_ / "jobs", *account_);
    scheduler_ = std::make_unique<Scheduler>(*table, repository_, Starter(supervisor_, limits_, account_), host_);
    table_ = std::move(table);
  } catch (const std::system_error& error) {
    throw Unavailable("the state in " + root_.string() + " cannot be used: " + error.what());
  }
  return *table_;
}

ExecutorCapabilities LocalExecutor::capabilities(const CapabilitiesRequest&, Call&) {
  table();
  ExecutorCapabilities capabilities;
  capabilities.idempotency = Idempotency::c3;
  capabilities.max_batch = kBatch;
  capabilities.wait_changes = true;
  capabilities.list = true;
  capabilities.artifacts = true;
  capabilities.pins_commit = true;
  capabilities.abort_run = true;
  return capabilities;
}

Submitted LocalExecutor::submit(const Submission& submission, Call& call) {
  checkSubmission(submission);
  JobTable& jobs = table();
  try {
    // Before anything is looked up: a job that is known is known, whatever has become of its repository.
    if (!jobs.isKnown(submission)) {
      jobs.add(planJob(submission, repository_, settings_.scenarios, jobs.folderOf(submission.job), call));
    }
  } catch (const std::system_error& error) {
    throw Unavailable("job " + submission.job + " could not be stored: " + error.what());
  }
  return Submitted{submission.job};
}

StatusAnswer LocalExecutor::status(const StatusRequest& request, Call&) {
  JobTable& jobs = table();
  StatusAnswer answer;
  answer.jobs.reserve(request.jobs.size());
  for (const JobRef& ref : request.jobs) {
    answer.jobs.push_back(
        jobs.look(ref.job, [&](const Job* job) { return job ? statusOf(*job) : unknownJob(ref.job); }));
  }
  for (JobStatus& job : answer.jobs) addLogSizes(job, jobs);
  return answer;
}

LogPart LocalExecutor::read_log(const LogRequest& request, Call&) {
  const LogPlace place = table().look(request.job, [&](const Job* job) { return placeOfLog(job, request); });
  return readLog(place, request.offset, request.limit);
}

None LocalExecutor::abort(const JobRef& ref, Call&) {
  try {
    table().abort(ref.job);
  } catch (const std::system_error& error) {
    throw Unavailable("the abort of job " + ref.job + " could not be stored: " + error.what());
  }
  return {};
}

None LocalExecutor::abort_run(const RunRef& ref, Call&) {
  try {
    table().abortRun(ref.job, ref.scenario, ref.attempt);
  } catch (const std::system_error& error) {
    throw Unavailable("the abort of a run of job " + ref.job + " could not be stored: " + error.what());
  }
  return {};
}

None LocalExecutor::remove(const JobRef& ref, Call& call) {
  checkJobId(ref.job);
  try {
    if (table().remove(ref.job, call)) return {};
  } catch (const std::system_error& error) {
    throw Unavailable("the removal of job " + ref.job + " could not be stored: " + error.what());
  }
  throw Unavailable("job " + ref.job + " is still being removed: its processes or files are not all gone yet");
}

Health LocalExecutor::health(const HealthRequest&, Call& call) {
  Health health;
  health.state = HealthState::ok;
  health.slots = limits_.slots;
  if (runsAsRoot(account_)) health.message = kRunsAsRoot;
  try {
    table().change([&](const JobTable::Jobs& jobs) {
      for (const auto& [id, job] : jobs) countSlots(*job, health);
    });
    health.version = "git " + repository_.probe(call);
  } catch (const Error& error) {
    health.state = HealthState::down;
    health.message = error.what();
  }
  return health;
}

Artifacts LocalExecutor::list_artifacts(const ArtifactsRequest& request, Call&) {
  const RunFolder folder = table().look(
      request.job, [&](const Job* job) { return folderOfEndedRun(job, request.scenario, request.attempt); });
  return listArtifacts(folder);
}

LogPart LocalExecutor::read_artifact(const ArtifactRequest& request, Call&) {
  const RunFolder folder = table().look(
      request.job, [&](const Job* job) { return folderOfEndedRun(job, request.scenario, request.attempt); });
  return readArtifact(folder, request.name, request.offset, request.limit);
}

JobList LocalExecutor::list(const ListRequest& request, Call&) {
  const auto limit = static_cast<std::size_t>(std::clamp<int64_t>(request.limit, 1, kLongestPage));
  return table().change([&](const JobTable::Jobs& jobs) {
    JobList list;
    for (auto at = jobs.upper_bound(request.after); at != jobs.end(); ++at) {
      const Job& job = *at->second;
      if (job.removalAsked) continue;
      if (list.jobs.size() == limit) {
        list.next = list.jobs.back().job;
        break;
      }
      list.jobs.push_back({job.id(), job.id(), job.state()});
    }
    return list;
  });
}

Changes LocalExecutor::wait_changes(const ChangesRequest& request, Call& call) {
  JobTable& jobs = table();
  return jobs.changes().wait(request, call, [&jobs] {
    return jobs.change([](const JobTable::Jobs& all) {
      std::vector<std::string> names;
      for (const auto& [id, job] : all) names.push_back(id);
      return names;
    });
  });
}

}  // namespace testarena::local_executor
