// SPDX-License-Identifier: Apache-2.0
#include "scheduler.h"

#include <algorithm>

#include <testarena/error.h>

#include "conclusion.h"
#include "durable.h"
#include "leftovers.h"
#include "load_job.h"
#include "preparation.h"
#include "remove_tree.h"

namespace testarena::local_executor {
namespace {

using namespace std::chrono_literals;

constexpr auto kIdle = 60s;
constexpr auto kTryAgain = 1s;
constexpr auto kBreath = 100ms;  // so that a machine in need is not kept busy by looking at it
constexpr auto kLongestCheckout = 1h;
constexpr int kMostCheckouts = 10;  // attempts while the repository cannot be reached

}  // namespace

Scheduler::Scheduler(JobTable& table, git::Repository& repository, Starter starter, Host host)
    : table_(table), repository_(repository), starter_(std::move(starter)), host_(std::move(host)) {
  table_.onWork([this] { watch_.wake(); });
  resume();
  thread_ = std::thread([this] { loop(); });
}

Scheduler::~Scheduler() {
  stopping_ = true;
  watch_.wake();
  thread_.join();
  preparing_.stop();
  finishing_.stop();
  table_.onWork([] {});
}

/// Changes a job under the lock, and tells of it.
template <class Change>
void Scheduler::update(const std::shared_ptr<Job>& job, Change change) {
  table_.change([&](JobTable::Jobs&) { change(*job); });
  table_.changes().changed(job->id());
  watch_.wake();
}

/// Takes over what an earlier life has begun: its supervisors are there still, or have left a result, or are lost.
void Scheduler::resume() {
  table_.change([&](JobTable::Jobs& jobs) {
    for (const auto& [id, job] : jobs) {
      std::vector<Activity> found;
      if (job->setup == Progress::active) found.push_back({job, {Task::Kind::setup, {}}, job->folder().setup()});
      for (const Run& run : job->runs()) {
        if (run.progress != Progress::active) continue;
        found.push_back({job, {Task::Kind::run, run.folder}, job->folder().run(run.folder)});
      }
      for (const Activity& activity : found) activities_.emplace(watch_.add(activity.folder), activity);
    }
  });
}

void Scheduler::loop() {
  for (const auto& [run, activity] : std::map(activities_)) look(run);
  while (!stopping_) {
    const Clock::time_point next = startDue();
    const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
    for (const RunWatch::Event& event : watch_.wait(std::max<std::chrono::milliseconds>(timeout, 0ms))) {
      const auto found = activities_.find(event.run);
      if (found == activities_.end()) continue;
      if (event.kind == RunWatch::Event::Kind::grew) table_.changes().changed(found->second.job->id());
      if (event.kind == RunWatch::Event::Kind::look) look(event.run);
    }
  }
}

/// Answers when to look again though nothing has happened.
Scheduler::Clock::time_point Scheduler::startDue() {
  Clock::time_point next = Clock::now() + kIdle;
  while (std::optional<Activity> activity = pick(next)) begin(*activity);
  return next;
}

/// Marks what it answers as active; unset if all slots are taken or nothing is due.
std::optional<Scheduler::Activity> Scheduler::pick(Clock::time_point& next) {
  return table_.change([&](JobTable::Jobs& jobs) -> std::optional<Activity> {
    const Clock::time_point now = Clock::now();
    std::size_t used = 0;
    std::shared_ptr<Job> oldest;
    for (const auto& [id, job] : jobs) {
      if (job->notBefore > now) {
        next = std::min(next, job->notBefore);
      } else if (job->removalAsked && !job->isBeingRemoved && job->activeCount() == 0) {
        job->isBeingRemoved = true;
        finishing_.post([this, job = job] { removeFiles(job); });
      } else if (!job->hasEnded() && job->next() && (!oldest || job->order().sequence < oldest->order().sequence)) {
        oldest = job;
      }
      if (!job->hasEnded()) used += job->activeCount();
    }
    if (!oldest || used >= static_cast<std::size_t>(slots())) return std::nullopt;
    const Task task = *oldest->next();
    oldest->obstacle.clear();
    switch (task.kind) {
      case Task::Kind::prepare:
        oldest->checkout = Progress::active;
        return Activity{oldest, task, oldest->folder().setup()};
      case Task::Kind::setup:
        oldest->setup = Progress::active;
        return Activity{oldest, task, oldest->folder().setup()};
      case Task::Kind::run:
        break;
    }
    oldest->find(task.run)->progress = Progress::active;
    return Activity{oldest, task, oldest->folder().run(task.run)};
  });
}

void Scheduler::begin(const Activity& activity) {
  table_.changes().changed(activity.job->id());
  if (activity.task.kind == Task::Kind::prepare) {
    preparing_.post([this, job = activity.job] { prepare(job); });
    return;
  }
  try {
    startSupervised(activity);
  } catch (const std::exception& error) {
    postpone(activity, error.what());
  }
}

void Scheduler::startSupervised(const Activity& activity) {
  const Job& job = *activity.job;
  RunOrder order;
  if (activity.task.kind == Task::Kind::setup) {
    order = starter_.orderForSetup(job.order(), job.folder());
  } else {
    const Run run = table_.change([&](JobTable::Jobs&) { return *activity.job->find(activity.task.run); });
    order = starter_.orderForRun(job.order(), job.folder(), run);
  }
  starter_.prepare(activity.folder, order);
  const uint64_t run = watch_.add(activity.folder);
  try {
    watch_.attach(run, starter_.start(activity.folder));
  } catch (...) {
    watch_.drop(run);
    throw;
  }
  activities_.emplace(run, activity);
}

/// Nothing was started; it is tried again. The page shows why meanwhile.
void Scheduler::postpone(const Activity& activity, const std::string& why) {
  host_.error("job " + activity.job->id() + ": cannot be begun, tried again in 1 s: " + why);
  update(activity.job, [&](Job& job) {
    if (activity.task.kind == Task::Kind::setup) job.setup = Progress::waiting;
    if (activity.task.kind == Task::Kind::run) job.putBack(*job.find(activity.task.run));
    if (activity.task.kind == Task::Kind::prepare) job.checkout = Progress::waiting;
    job.obstacle = why;
    ++job.obstacles;
    job.notBefore = Clock::now() + kTryAgain * std::min(job.obstacles, 30);
  });
}

void Scheduler::prepare(const std::shared_ptr<Job>& job) {
  const Activity activity{job, {Task::Kind::prepare, {}}, job->folder().setup()};
  const auto isWanted = [this, job] {
    return !preparing_.isStopping() &&
           table_.change([&](JobTable::Jobs&) { return !job->abortAsked && !job->removalAsked; });
  };
  try {
    const Call call(kLongestCheckout, job->id(), [isWanted] { return !isWanted(); });
    prepareCheckout(repository_, job->order(), job->folder(), table_.incoming(), starter_.account(), call);
    update(job, [](Job& prepared) { prepared.checkout = Progress::done; });
    return;
  } catch (const Cancelled&) {
    update(job, [](Job& stopped) { stopped.checkout = Progress::waiting; });
    return;
  } catch (const Unavailable& error) {
    const int before = table_.change([&](JobTable::Jobs&) { return job->obstacles; });
    if (before + 1 < kMostCheckouts) return postpone(activity, error.what());
    return giveUp(job, error.what());
  } catch (const std::system_error& error) {
    return postpone(activity, error.what());
  } catch (const std::exception& error) {
    return giveUp(job, error.what());
  }
}

void Scheduler::giveUp(const std::shared_ptr<Job>& job, const std::string& why) {
  const std::string reason = "the commit could not be checked out: " + why;
  host_.warning("job " + job->id() + ": " + reason);
  try {
    Notes notes;
    notes.add("reason", reason);
    writeDurably(job->folder().failure(), notes.render());
  } catch (const std::exception& error) {
    return postpone({job, {Task::Kind::prepare, {}}, job->folder().setup()}, error.what());
  }
  update(job, [&](Job& failed) {
    failed.checkout = Progress::waiting;
    failed.fail(reason);
  });
}

void Scheduler::removeFiles(const std::shared_ptr<Job>& job) {
  try {
    removeTree(job->folder().path());
    table_.forget(job->id());
  } catch (const std::exception& error) {
    host_.error("job " + job->id() + ": its files could not be removed, tried again: " + error.what());
    update(job, [](Job& kept) {
      kept.isBeingRemoved = false;
      ++kept.obstacles;
      kept.notBefore = Clock::now() + kTryAgain * std::min(kept.obstacles, 300);
    });
  }
}

void Scheduler::look(uint64_t run) {
  const Activity activity = activities_.at(run);
  RunResult result;
  try {
    std::optional<RunResult> found = activity.folder.result();
    if (!found && watch_.isAbandoned(run)) {
      found = activity.folder.result();  // it may have come between the two questions
      if (!found) found = lose(activity, watch_.report(run));
    }
    if (!found) return readStart(activities_.at(run));
    result = *found;
  } catch (const std::system_error& error) {
    // Not the run's fault, such as no descriptors left: it is looked at again, and nothing is decided meanwhile.
    host_.error("job " + activity.job->id() + ": " + error.what());
    std::this_thread::sleep_for(kBreath);
    watch_.lookAgain(run);
    return;
  } catch (const std::exception& error) {
    result.ending = Ending::machine;
    result.reason = error.what();
  }
  watch_.drop(run);
  activities_.erase(run);
  conclude(activity, result);
}

/// So that the page can count the seconds.
void Scheduler::readStart(Activity& activity) {
  if (activity.isStartKnown || activity.task.kind != Task::Kind::run) return;
  const std::optional<StartMark> mark = activity.folder.startMarkIfReadable();
  if (!mark) return;
  activity.isStartKnown = true;
  update(activity.job, [&](Job& job) { job.find(activity.task.run)->startedAt = mark->started_at_us; });
}

/// The supervisor is gone and has left no result.
RunResult Scheduler::lose(const Activity& activity, const std::string& said) {
  killLeftovers(activity.folder.output().string());
  RunResult result;
  const std::optional<StartMark> mark = activity.folder.startMarkIfReadable();
  result.ending = mark ? Ending::lost : Ending::machine;
  if (!mark) result.reason = "its supervisor could not take charge: " + (said.empty() ? "it was killed" : said);
  if (mark) result.started_at_us = mark->started_at_us;
  result.finished_at_us = host_.now().time_since_epoch().count();
  std::error_code error;
  const auto size = std::filesystem::file_size(activity.folder.log(), error);
  if (!error) result.log_bytes = static_cast<int64_t>(size);
  host_.error("job " + activity.job->id() + ": " + activity.folder.path().string() + ": supervisor lost");
  activity.folder.writeResult(result);
  return result;
}

void Scheduler::conclude(const Activity& activity, const RunResult& result) {
  if (activity.task.kind == Task::Kind::setup) {
    const Verdict verdict = judge(result, limitsOf(activity.folder));
    return update(activity.job, [&](Job& job) { job.finishSetup(result, verdict); });
  }
  const PlannedRun plan = table_.change([&](JobTable::Jobs&) { return activity.job->find(activity.task.run)->plan; });
  if (!needsConclusion(activity.job->order(), plan)) return finish(activity, plan, result);
  finishing_.post([this, activity, plan, result] { finish(activity, plan, result); });
}

void Scheduler::finish(const Activity& activity, const PlannedRun& plan, const RunResult& result) {
  try {
    const Conclusion conclusion =
        concludeRun(activity.job->order(), activity.job->folder(), activity.task.run, plan, result);
    update(activity.job, [&](Job& job) {
      Run& run = *job.find(activity.task.run);
      run.result = result;
      run.verdict = conclusion.verdict;
      run.progress = Progress::done;
      if (conclusion.isExpanded) job.expand(activity.task.run, conclusion.tests);
    });
  } catch (const std::exception& error) {
    // Most likely a full disk. The run stays in progress; after a restart it is concluded again.
    host_.error("job " + activity.job->id() + ": " + activity.folder.path().string() + ": " + error.what());
    finishing_.postLater(kTryAgain, [this, activity, plan, result] { finish(activity, plan, result); });
  }
}

}  // namespace testarena::local_executor
