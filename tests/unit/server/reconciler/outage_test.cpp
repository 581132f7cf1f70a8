// SPDX-License-Identifier: Apache-2.0
// The reconciler in simulated time against a remote that is silent as a whole, or about some jobs only.
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "log.h"
#include "memory_storage.h"
#include "reconciler.h"
#include "temporary_folder.h"

namespace testarena::server {
namespace {

using simulation::MemoryStorage;
using simulation::Plan;
using simulation::World;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Runs jobs for a second each. Silence takes its time, as a connection that hangs does.
class SilentRemote final : public Executor {
 public:
  explicit SilentRemote(World& world) : world_(world) {}

  bool is_down = false;
  bool says_down = false;
  bool refuses_batches = false;       ///< a status of several jobs is an error, whatever the jobs
  std::set<std::string> silent_jobs;  ///< whatever is asked about them
  milliseconds takes = seconds(1);    ///< each job
  std::vector<std::string> calls;

  ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) override {
    answer("capabilities");
    ExecutorCapabilities can;
    can.idempotency = Idempotency::c3;
    can.max_batch = 50;
    return can;
  }
  Submitted submit(const Submission& submission, Call&) override {
    answer("submit " + submission.job, submission.job);
    begun_.try_emplace(submission.job, world_.steady());
    return {submission.job};
  }
  StatusAnswer status(const StatusRequest& request, Call&) override {
    answer("status");
    if (refuses_batches && request.jobs.size() > 1) throw Internal("a job of this batch has a broken record");
    StatusAnswer told;
    for (const auto& ref : request.jobs) {
      const bool ended = world_.steady() >= begun_.at(ref.job) + takes;
      JobStatus status;
      status.job = ref.job;
      status.state = ended ? State::passed : State::in_progress;
      status.runs.emplace_back().scenario = "only";
      status.runs.back().state = status.state;
      told.jobs.push_back(status);
    }
    return told;
  }
  LogPart read_log(const LogRequest&, Call&) override {
    answer("read_log");
    LogPart part;
    part.complete = true;
    return part;
  }
  None abort(const JobRef& ref, Call&) override {
    answer("abort " + ref.job, ref.job);
    return {};
  }
  None remove(const JobRef& ref, Call&) override {
    answer("remove " + ref.job, ref.job);
    return {};
  }
  Health health(const HealthRequest&, Call&) override {
    answer("health");
    Health health;
    health.state = says_down ? HealthState::down : HealthState::ok;
    if (says_down) health.message = "git is missing";
    return health;
  }

  int count(const std::string& call) const { return static_cast<int>(std::count(calls.begin(), calls.end(), call)); }

 private:
  void answer(const std::string& call, const std::string& job = "") {
    calls.push_back(call);
    const bool silent = is_down || (!job.empty() && silent_jobs.count(job) != 0);
    world_.advance(silent ? milliseconds(2'000) : milliseconds(2));
    if (silent) throw Unavailable("connection refused");
  }

  World& world_;
  std::map<std::string, Clock::Steady> begun_;
};

class Listener final : public JobEvents {
 public:
  int environment_changes = 0;

  void jobChanged(const Job&) override {}
  void jobDeleted(const Job&) override {}
  void environmentChanged(const std::string&) override { ++environment_changes; }
  void logGrew(std::int64_t, const std::string&, std::int64_t, std::int64_t) override {}
};

class Outage : public ::testing::Test {
 protected:
  Outage() {
    configureLog({LogFormat::text, LogSeverity::error, [](std::string_view) {}});
    world_.perform = [](const simulation::Deed&) {};
    ReconcilerOptions options;
    options.environment = "lab";
    reconciler_.emplace(options, storage_, remote_, logs_, listener_, world_, world_.random());
  }
  std::int64_t submit() {
    NewJob wanted;
    wanted.environment = "lab";
    wanted.runs.push_back({"only", "", 1, ""});
    const auto id = storage_.create(wanted);
    reconciler_->wake(id);
    return id;
  }
  void intend(std::int64_t id, Intent intent) {
    storage_.intend({id, intent, "", {}});
    reconciler_->wake(id);
  }
  void step() { world_.advanceTo(std::max(reconciler_->step(), world_.steady() + milliseconds(1))); }
  void runFor(milliseconds time) {
    for (const auto end = world_.steady() + time; world_.steady() < end;) step();
  }
  /// How long it takes until the job has ended; at most an hour.
  milliseconds timeUntilEnded(std::int64_t id) {
    const auto begin = world_.steady();
    while (!hasEnded(job(id).row.state) && world_.steady() < begin + std::chrono::hours(1)) step();
    return std::chrono::duration_cast<milliseconds>(world_.steady() - begin);
  }
  const Job& job(std::int64_t id) const { return storage_.jobs().at(id); }
  std::string reason(std::int64_t id) const {
    Job shown = job(id);
    reconciler_->explain(shown);
    return shown.row.reason;
  }

  Plan plan_;
  World world_{plan_, 1};
  MemoryStorage storage_{world_};
  SilentRemote remote_{world_};
  Listener listener_;
  test::TemporaryFolder folder_;
  LogStore logs_{folder_.path()};
  std::optional<Reconciler> reconciler_;
};

TEST_F(Outage, ofTheRemoteIsFoundAndItsJobsWaitAndGoOn) {
  const auto first = submit();
  timeUntilEnded(first);
  EXPECT_EQ(reconciler_->remote().state, EnvironmentState::ok);

  remote_.is_down = true;
  const auto second = submit();
  runFor(seconds(30));
  const auto remote = reconciler_->remote();
  EXPECT_EQ(remote.state, EnvironmentState::unreachable);
  EXPECT_EQ(remote.message, "connection refused");
  ASSERT_TRUE(remote.next_try);
  EXPECT_NE(reason(second).find("the environment is unreachable (connection refused); the next try is at"),
            std::string::npos)
      << reason(second);
  EXPECT_EQ(reconciler_->tally().unsent, 1);
  EXPECT_GT(listener_.environment_changes, 2);

  const auto sent = remote_.count("submit " + std::to_string(second));
  runFor(std::chrono::hours(8));
  EXPECT_EQ(remote_.count("submit " + std::to_string(second)), sent) << "only probes go out";
  const auto probes = remote_.count("health");
  EXPECT_LE(probes, 8 * 3600 / 15 + 30) << "each 15 to 30 s and no more";

  remote_.is_down = false;
  EXPECT_LE(timeUntilEnded(second), seconds(35)) << "the next probe finds it";
  EXPECT_EQ(job(second).row.state, State::passed);
  EXPECT_EQ(reconciler_->remote().state, EnvironmentState::ok);
  EXPECT_EQ(reconciler_->remote().last_error, "connection refused");
}

TEST_F(Outage, ofTheTimeOfDayEndsNoRunningJobAndKeepsNoneRunning) {
  using std::chrono::minutes;
  remote_.takes = std::chrono::hours(9);
  const auto id = submit();
  runFor(minutes(20));
  world_.jump(std::chrono::hours(10));
  runFor(minutes(20));
  EXPECT_EQ(job(id).progress.intent, Intent::run) << "after 40 minutes of an hour";
  world_.jump(-std::chrono::hours(20));
  runFor(minutes(22));
  EXPECT_EQ(job(id).progress.intent, Intent::abort) << "after an hour";
  EXPECT_NE(job(id).row.reason.find("ran longer than 1h"), std::string::npos) << job(id).row.reason;
}

TEST_F(Outage, opensOnlyAfterSeveralUnansweredQuestions) {
  timeUntilEnded(submit());
  remote_.is_down = true;
  submit();
  const auto before = remote_.count("health");
  while (reconciler_->remote().state != EnvironmentState::unreachable) step();
  EXPECT_EQ(remote_.count("health") - before, 3);
}

TEST_F(Outage, oneSilentJobDelaysNoOther) {
  timeUntilEnded(submit());
  remote_.silent_jobs = {"2"};
  const auto silent = submit();
  for (int i = 0; i < 20; ++i) {
    const auto other = submit();
    EXPECT_LE(timeUntilEnded(other), seconds(6)) << "it waits for one call about the silent job at most";
  }
  EXPECT_FALSE(hasEnded(job(silent).row.state));
  EXPECT_EQ(reconciler_->remote().state, EnvironmentState::ok);
  EXPECT_NE(reason(silent).find("not accepted yet: connection refused; the next try is at"), std::string::npos)
      << reason(silent);
}

TEST_F(Outage, manySilentJobsTakeNoTurnFromOthers) {
  timeUntilEnded(submit());
  for (int i = 2; i <= 31; ++i) remote_.silent_jobs.insert(std::to_string(i));
  for (int i = 2; i <= 31; ++i) submit();
  runFor(seconds(120));
  const auto other = submit();
  // Its turn comes after those that have waited longer, 30 calls of two seconds at the most; never after all of them
  // again.
  EXPECT_LE(timeUntilEnded(other), seconds(70));
}

TEST_F(Outage, aRemovalThatIsNotAnsweredDelaysNoOther) {
  remote_.silent_jobs = {};
  const auto stuck = submit();
  timeUntilEnded(stuck);
  remote_.silent_jobs = {std::to_string(stuck)};
  intend(stuck, Intent::remove);
  runFor(seconds(60));
  EXPECT_EQ(reconciler_->tally().tombstones, 1);
  EXPECT_EQ(reconciler_->remote().state, EnvironmentState::ok);
  EXPECT_LE(timeUntilEnded(submit()), seconds(6));
  remote_.silent_jobs = {};
  runFor(seconds(40));
  EXPECT_EQ(reconciler_->tally().tombstones, 0);
  EXPECT_EQ(storage_.jobs().count(stuck), 0U);
}

TEST_F(Outage, aBatchThatIsAnErrorIsHalvedUntilItIsNone) {
  remote_.refuses_batches = true;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 7; ++i) ids.push_back(submit());
  for (const auto id : ids) EXPECT_LE(timeUntilEnded(id), seconds(10));
  EXPECT_EQ(reconciler_->remote().state, EnvironmentState::ok);
}

TEST_F(Outage, ofItsOwnWordDoesNotKeepRunningJobsFromBeingFollowed) {
  const auto running = submit();
  while (job(running).row.state != State::in_progress) step();
  remote_.says_down = true;
  EXPECT_LE(timeUntilEnded(running), seconds(10));
  runFor(seconds(60));
  EXPECT_EQ(reconciler_->remote().message, "git is missing");
}

}  // namespace
}  // namespace testarena::server
