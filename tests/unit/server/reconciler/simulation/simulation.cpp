// SPDX-License-Identifier: Apache-2.0
#include "simulation.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "log_store.h"
#include "memory_storage.h"
#include "reconciler.h"
#include "remote.h"

namespace testarena::server::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// Sees what a page would see: the revision of a job never goes back, and its end is never taken back.
class Viewer final : public JobEvents {
 public:
  explicit Viewer(World& world) : world_(world) {}

  void jobChanged(const Job& job) override {
    JobRow& seen = seen_[job.row.id];
    if (job.row.revision < seen.revision) world_.broke("P4: the revision of a job went back for a viewer");
    if (hasEnded(seen.state) && job.row.state != seen.state) world_.broke("P4: a viewer saw an end taken back");
    seen = job.row;
  }
  void jobDeleted(const Job&) override {}
  void environmentChanged(const std::string&) override {}
  void logGrew(std::int64_t, const std::string&, std::int64_t, std::int64_t) override {}

 private:
  World& world_;
  std::map<std::int64_t, JobRow> seen_;
};

class Simulation {
 public:
  Simulation(const Plan& plan, std::uint64_t seed, std::filesystem::path folder)
      : folder_(std::move(folder)), world_(plan, seed), storage_(world_), remote_(world_), viewer_(world_) {
    world_.perform = [this](const Deed& deed) { perform(deed); };
  }

  std::string run() {
    const auto end = world_.steady() + hours(12);
    while (world_.broken().empty() && world_.steady() < end && !hasSettled()) {
      try {
        if (!reconciler_) start();
        const auto next = reconciler_->step();
        watchReasons();
        world_.advanceTo(std::max(next, world_.steady() + milliseconds(1)));
      } catch (const Killed&) {
        reconciler_.reset();
        world_.advance(milliseconds(100));
      }
    }
    world_.advance(minutes(5));  // whatever was still under way has arrived by now
    judge();
    return world_.broken();
  }

 private:
  struct Submitted {
    std::int64_t id = 0;
    bool was_deleted = false;
  };

  void start() {
    ReconcilerOptions options;
    options.environment = "lab";
    logs_.emplace(folder_);
    reconciler_ = std::make_unique<Reconciler>(options, storage_, remote_, *logs_, viewer_, world_, world_.random());
  }

  /// A job that waits says what for, whatever has gone wrong.
  void watchReasons() {
    for (const auto& [id, job] : storage_.jobs()) {
      if (job.row.state != State::waiting || job.progress.deleted) continue;
      Job shown = job;
      reconciler_->explain(shown);
      if (shown.row.reason.empty()) world_.broke(name(id) + "waits and does not say what for");
    }
  }

  void perform(const Deed& deed) {
    std::int64_t id = 0;
    if (deed.intent == Intent::run) {
      NewJob wanted;
      wanted.environment = "lab";
      wanted.branch = "main";
      wanted.runs.push_back({"only", "", 1, ""});
      id = storage_.create(wanted);
      submitted_[deed.job] = {id, false};
    } else {
      const auto job = submitted_.find(deed.job);
      if (job == submitted_.end() || job->second.was_deleted) return;
      id = job->second.id;
      job->second.was_deleted = deed.intent == Intent::remove;
      storage_.intend({id, deed.intent, "", {}});
    }
    if (reconciler_) reconciler_->wake(id);
  }

  bool hasSettled() const {
    if (!world_.isCalm() || !reconciler_) return false;
    return std::all_of(storage_.jobs().begin(), storage_.jobs().end(), [](const auto& job) {
      return job.second.progress.phase == Phase::closed && !job.second.progress.deleted;
    });
  }

  void judge() {
    for (const auto& [place, job] : submitted_) {
      const auto row = storage_.jobs().find(job.id);
      if (job.was_deleted) {
        judgeDeleted(job.id, row != storage_.jobs().end());
      } else if (row == storage_.jobs().end()) {
        world_.broke(name(job.id) + "P1: is gone though nobody deleted it");
      } else {
        judgeKept(row->second);
      }
    }
  }

  /// The answer of a remote that cannot be asked is lost for ever: a person has to look (level c0).
  bool canBeAsked() const { return world_.plan().level != Idempotency::c0; }

  void judgeDeleted(std::int64_t id, bool isThere) {
    const Remote::History history = remote_.historyOf(std::to_string(id));
    if (isThere) world_.broke(name(id) + "P3: its deletion never came to an end");
    if (history.accepted > 1) world_.broke(name(id) + "P2: ran " + std::to_string(history.accepted) + " times");
    if (history.is_there && canBeAsked()) world_.broke(name(id) + "P6: was deleted and is still on the remote");
    if (std::filesystem::exists(logs_->fileOf({id, "only", 1})))
      world_.broke(name(id) + "P6: was deleted and its log is there");
  }

  void judgeKept(const Job& job) {
    const std::int64_t id = job.row.id;
    const Remote::History history = remote_.historyOf(std::to_string(id));
    const State state = job.row.state;
    if (!hasEnded(state) || job.progress.phase != Phase::closed) {
      return world_.broke(name(id) + "P3: is " + std::string(enumName(state)) + " for ever, phase " +
                          std::string(enumName(job.progress.phase)));
    }
    if (history.accepted > 1) world_.broke(name(id) + "P2: ran " + std::to_string(history.accepted) + " times");
    if (state == State::errored) {
      if (canBeAsked()) world_.broke(name(id) + "errored though nothing was wrong with it: " + job.row.reason);
      return;
    }
    if (!canBeAsked() && job.progress.handle.empty()) return;  // nobody can know
    if (history.accepted > 0 && !history.has_ended) world_.broke(name(id) + "P5: ended here, runs on there");
    const bool toldTruth = history.accepted == 0 ? state == State::aborted : state == history.end;
    if (!toldTruth) {
      world_.broke(name(id) + "is " + std::string(enumName(state)) + " here and " + std::string(enumName(history.end)) +
                   " there");
    }
    if (history.is_there && history.accepted > 0) world_.broke(name(id) + "is kept here and was not cleaned up there");
    judgeLog(job, history);
  }

  void judgeLog(const Job& job, const Remote::History& history) {
    const std::string whole = history.accepted == 0 ? "" : remote_.logOf(std::to_string(job.row.id));
    const std::string kept = logs_->read({job.row.id, "only", 1}, 0, 1 << 20);
    if (whole.compare(0, kept.size(), kept) != 0)
      world_.broke(name(job.row.id) + "P7: its log is not what the remote wrote");
    const bool isWhole = job.runs.at(0).log_complete;
    if (history.accepted > 0 && !isWhole) world_.broke(name(job.row.id) + "P7: its log was not fetched whole");
    if (isWhole && history.end != State::aborted && kept.size() != whole.size()) {
      world_.broke(name(job.row.id) + "P7: its log is called complete and is not");
    }
  }

  static std::string name(std::int64_t id) { return "job " + std::to_string(id) + ": "; }

  const std::filesystem::path folder_;
  World world_;
  MemoryStorage storage_;
  Remote remote_;
  Viewer viewer_;
  std::optional<LogStore> logs_;
  std::unique_ptr<Reconciler> reconciler_;
  std::map<std::size_t, Submitted> submitted_;  // by the plan's number
};

/// Without leading and trailing parts that differ from plan to plan: two plans break the same promise or do not.
std::string kindOf(const std::string& broken) {
  const std::size_t place = broken.find(": ");
  return broken.substr(place == std::string::npos ? 0 : place + 2, 3);
}

}  // namespace

std::string simulate(const Plan& plan, std::uint64_t seed, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  return Simulation(plan, seed, folder).run();
}

Plan shrink(Plan plan, std::uint64_t seed, const std::filesystem::path& folder) {
  const std::string kind = kindOf(simulate(plan, seed, folder));
  const auto stillBreaks = [&](const Plan& smaller) { return kindOf(simulate(smaller, seed, folder)) == kind; };
  for (bool progress = true; progress;) {
    progress = false;
    for (auto fault = plan.faults.begin(); fault != plan.faults.end();) {
      Plan smaller = plan;
      smaller.faults.erase(fault->first);
      const auto next = std::next(fault) == plan.faults.end() ? std::int64_t{-1} : std::next(fault)->first;
      if (stillBreaks(smaller)) {
        plan = std::move(smaller);
        progress = true;
      }
      fault = next < 0 ? plan.faults.end() : plan.faults.find(next);
    }
    for (std::size_t i = 0; i < plan.deeds.size();) {
      Plan smaller = plan;
      smaller.deeds.erase(smaller.deeds.begin() + static_cast<std::ptrdiff_t>(i));
      if (stillBreaks(smaller)) {
        plan = std::move(smaller);
        progress = true;
      } else {
        ++i;
      }
    }
  }
  return plan;
}

}  // namespace testarena::server::simulation
