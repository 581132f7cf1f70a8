// SPDX-License-Identifier: Apache-2.0
// Makes what is so on the remote equal to what is wanted: the only code that moves jobs on.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <testarena/executor.h>
#include <testarena/storage.h>

#include "artifact_copier.h"
#include "backoff.h"
#include "clock.h"
#include "job_events.h"
#include "log.h"
#include "log_copier.h"
#include "log_store.h"
#include "observe.h"
#include "random.h"
#include "remote_monitor.h"
#include "transitions.h"
#include "waiting.h"

namespace testarena::server {

struct ReconcilerOptions {
  std::string environment;
  std::string id_prefix;                               ///< put before the job id on the remote
  std::chrono::milliseconds job_time_limit{3600'000};  ///< of running, not of waiting; 0: none
  std::chrono::milliseconds lost_after{30'000};   ///< how long an accepted job may be unknown before it counts as lost
  std::chrono::milliseconds call_limit{30'000};   ///< for one call of the executor
  std::chrono::milliseconds remove_limit{5'000};  ///< for a removal, which goes on there and is asked for again
  std::chrono::milliseconds poll_first{250};
  std::chrono::milliseconds poll_most{20'000};
  std::chrono::milliseconds retry_first{500};
  std::chrono::milliseconds retry_most{30'000};
  std::chrono::milliseconds health_every{15'000};
  int failures_to_open = 3;        ///< unanswered questions in a row until the environment counts as unreachable
  int64_t copy_budget = 32 << 20;  ///< log bytes copied in one step
};

/// The jobs of one environment. One thread calls `step` again and again; `wake` and `hint` may be called from any
/// thread and are taken in by the next step. All state is in the storage: a Reconciler made anew goes on where another
/// ended, at whatever instruction that was. Throws nothing: what goes wrong is logged, told by `health`, and tried
/// again later.
class Reconciler {
 public:
  using Steady = Clock::Steady;

  Reconciler(ReconcilerOptions options, Storage& storage, Executor& executor, LogStore& logs, JobEvents& events,
             const Clock& clock, Random& random);

  /// The row of a job was written by somebody else: a new job, another intent.
  void wake(int64_t job);
  /// The remote says that these jobs may have changed; ids as the remote has them.
  void hint(const std::vector<std::string>& jobs);

  /// Does all that is due and returns when the next thing will be.
  Steady step();

  // The rest may be called from any thread.

  /// What is known of the remote.
  RemoteState remote() const;
  /// The executor's own words, the last it said; down while it is unreachable.
  Health health() const;
  /// Asked once from the executor; unset until it has answered.
  std::optional<ExecutorCapabilities> capabilities() const;
  /// How many jobs are followed.
  size_t size() const;
  JobTally tally() const;

  /// Puts what a job that has not ended waits for in place of its reason, for whoever reads it.
  void explain(JobRow& row) const;
  void explain(Job& job) const;
  /// Grows whenever `explain` may say something else though no row has changed.
  uint64_t generation() const;

 private:
  struct Tracked {
    Job job;
    Steady due{};
    std::chrono::milliseconds interval{0};
    Backoff backoff;
    std::optional<Steady> unknown_since;  ///< the executor did not know it, since when
    std::optional<Steady> sent_at;        ///< in this life of the server
    bool landed = false;                  ///< nothing is under way any more, though it was not accepted
    bool stop_sent = false;
    std::string trouble;                    ///< see Standing
    std::optional<Time> next_try;           ///< see Standing
    std::optional<Steady> running_since{};  ///< at the earliest
  };
  Tracked track(Job job) const;

  // reconciler.cpp: the loop and the rows
  void load();
  void takeIn();
  void reload(int64_t id);
  std::vector<Tracked*> dueJobs(Steady now);
  void moveOn(std::vector<Tracked*> jobs, bool probing);
  void actInTurn(const std::vector<Tracked*>& jobs);
  Steady nextStep();
  bool store(Tracked& tracked, Observation observed, Phase phase);
  void remember(const std::vector<Expansion>& expansions);
  void later(Tracked& tracked, const std::exception& error, const char* doing);
  void stand(const Tracked& tracked);
  void forgetFinished();

  // remote_questions.cpp: health and breaker
  /// remains: it is not well by its own word, or did not answer a probe. Asking for states may say more.
  enum class Doubt { none, remains };
  Doubt askRemote();
  bool askCapabilities();
  /// False: there was no answer.
  bool askHealth();
  bool mayCallForJobs() const;
  void remoteAnswered();
  void remoteAnswered(std::chrono::microseconds latency);
  std::chrono::milliseconds remoteFailed(const std::string& why);
  void showRemote();
  void tellViewers();

  // one_job.cpp
  /// How an action ended, and what is to be stored together with the phase that follows.
  struct Done {
    Result result = Result::unknown;
    std::optional<Observation> change;
  };

  void act(Tracked& tracked);
  Done perform(Tracked& tracked, const Transition& transition);
  Done submit(Tracked& tracked, bool again);
  Done settle(Tracked& tracked);
  void waitOut(Tracked& tracked, Steady until);
  Done accept(Tracked& tracked);
  Done withdraw(Tracked& tracked);
  Done collect(Tracked& tracked);
  Done clean(Tracked& tracked);
  Done close(Tracked& tracked);
  Done refuse(Tracked& tracked, const std::string& reason);
  /// Set: a submission may still be under way until then.
  std::optional<Steady> inFlightUntil(Tracked& tracked);
  void advance(Tracked& tracked, const Transition& transition, Done done);
  void purge(Tracked& tracked);

  // many_jobs.cpp
  /// `most`: how many batches.
  void followAll(const std::vector<Tracked*>& jobs, size_t most);
  bool askStatus(const std::vector<Tracked*>& jobs);
  void stop(Tracked& tracked);
  void enforceTimeLimit(Tracked& tracked);
  void take(Tracked& tracked, const JobStatus& status);
  void takeUnknown(Tracked& tracked);
  void copyLogs(Tracked& tracked, const JobStatus& status, Observation& observed);
  bool knows(const Tracked& tracked);

  JobRef refOf(const Job& job) const;
  std::optional<int64_t> idOf(const std::string& remoteId) const;
  Call call() const;

  const ReconcilerOptions options_;
  Storage& storage_;
  Executor& executor_;
  LogStore& logs_;
  JobEvents& events_;
  const Clock& clock_;
  Random& random_;
  const Logger log_;
  LogCopier logCopier_;
  ArtifactCopier artifactCopier_;

  // Used by the stepping thread alone.
  bool loaded_ = false;
  std::map<int64_t, Tracked> tracked_;
  std::set<int64_t> finished_;  ///< to be dropped from tracked_ at the end of the step
  RemoteMonitor monitor_;
  Backoff statusBackoff_;    ///< of batches that are not answered while the remote says that it is well
  bool suspicious_ = false;  ///< a call for one job was not answered: the remote is asked how it is
  bool newsForViewers_ = false;
  Steady healthDue_{};
  int64_t budget_ = 0;

  // Guarded by mutex_.
  mutable std::mutex mutex_;
  std::set<int64_t> woken_;
  std::set<int64_t> hinted_;
  RemoteState remote_;  ///< what monitor_ knows, for other threads
  std::optional<ExecutorCapabilities> capabilities_;
  std::unordered_map<int64_t, Standing> standing_;  ///< of every tracked job, for other threads
  uint64_t generation_ = 0;
};

/// No answer came, or none that says anything: what one job's call tells of the remote is a suspicion at most.
bool isSilence(const std::exception& error);

}  // namespace testarena::server
