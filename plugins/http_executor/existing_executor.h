// SPDX-License-Identifier: Apache-2.0
// Executor over a server that speaks part 1 of doc/remote-protocol.md only.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <testarena/error.h>
#include <testarena/executor.h>
#include <testarena/host.h>

#include "existing_server.h"
#include "job_book.h"
#include "log_fetcher.h"

namespace testarena::http_executor {

/// Whether what went wrong was the way to the server, or the time, or one answer: the same may go well the next time.
inline bool isPassing(const Error& error) {
  return error.code() == Code::unavailable || error.code() == Code::deadline_exceeded;
}

/// Level c2: before anything is sent again the server is asked, and the host waits out `in_flight` where a request may
/// still be under way. What was told as ended is never asked again.
///
/// Threads: any. Operations on one job wait for each other.
class ExistingExecutor final : public Executor {
 public:
  /// `profile` and `remote` must outlive it.
  ExistingExecutor(const Profile& profile, Remote& remote, const Host& host);

  ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) override;
  /// Retry: the server's answer has ended the request's flight, and it does not know the job.
  Submitted submit(const Submission& submission, Call& call) override;
  StatusAnswer status(const StatusRequest& request, Call& call) override;
  LogPart read_log(const LogRequest& request, Call& call) override;
  None abort(const JobRef& ref, Call& call) override;
  None remove(const JobRef& ref, Call& call) override;
  Health health(const HealthRequest&, Call& call) override;
  None abort_run(const RunRef& ref, Call& call) override;

 private:
  using Steady = std::chrono::steady_clock::time_point;

  /// A job in this life of the plugin.
  struct Job {
    std::mutex mutex;
    // Protected by mutex.
    std::optional<JobRecord> record;         ///< unset: nothing is known of it here
    QueueState queue = QueueState::running;  ///< as the server told it the last time
    std::string trouble;                     ///< why the server's last answer was of no use
    Steady askedAt{};
    std::optional<Steady> abortedAt;
    std::map<std::size_t, Steady> finishedAt;  ///< runs: since when the server says so, without a verdict
    std::map<std::size_t, Steady> endSeenAt;   ///< runs: since when their end is held back for the log
  };

  enum class Keep { known, always };
  /// What is known of a job. It is kept where there is a record, or always: else anybody's question would stay here.
  std::shared_ptr<Job> jobOf(const std::string& id, Keep keep = Keep::known);
  void drop(const std::string& id);

  bool knows(const std::string& id, const Call& call);
  /// Throws Unavailable where a queue of which the server said 404 stands in its list all the same, or where there is
  /// no list: such a 404 is not the server's but that of something in between.
  void confirmUnknown(const std::string& queue, const Call& call);
  /// Unset: the list is too long to be of use.
  std::optional<std::map<std::string, std::string>> list(const Call& call);
  Submitted accepted(Job& job, const std::string& id);
  Submitted conclude(Job& job, const Submission& submission, const Posted& posted, const Call& call);

  /// Asks the server and takes over what it says. `word`: the queue's state, if it is known already. False: 404.
  bool refresh(Job& job, const std::string& id, const std::optional<std::string>& word, const Call& call);
  void refreshRuns(Job& job, const std::string& queue, QueueState state, const Call& call);
  void take(Job& job, std::size_t index, const std::optional<json::Value>& status, QueueState queue);
  void end(RunRecord& run, State state, const std::string& reason);
  void endOpenRun(Job& job, RunRecord& run, QueueState queue, const std::string& word);

  /// The jobs that there are in the order in which they are to be asked: who was asked last comes last, so that a job
  /// of which the server does not answer cannot keep the same others back for ever.
  static std::vector<std::size_t> inTurn(const std::vector<std::shared_ptr<Job>>& jobs);
  /// Asks for `status`; throws what keeps the server from answering.
  bool ask(Job& job, const std::string& id, const std::map<std::string, std::string>& queues, const Call& call);
  /// What the host is told: an end only when its log is here, or has been waited for long enough.
  JobStatus tell(Job& job, const std::string& id);
  void followLogs(Job& job, const std::string& id);
  void followLog(RunRecord& run, const std::string& job, const std::string& name, const std::string& url, bool hasEnded,
                 Written written);
  std::string logUrl(const JobRecord& record, std::size_t index) const;
  UrlValues valuesOf(const JobRecord& record, std::size_t index) const;
  LogPart partOf(const LogRequest& request, const RunRecord& run, const std::string& name, bool hasEnded) const;

  const Profile& profile_;
  const Host host_;
  ExistingServer server_;
  JobBook book_;
  LogFetcher logs_;

  std::atomic<bool> listIsTooLong_{false};
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Job>> jobs_;  ///< protected by mutex_
};

}  // namespace testarena::http_executor
