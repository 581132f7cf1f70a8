// SPDX-License-Identifier: Apache-2.0
// An executor that runs nothing: the double that end-to-end tests of the host use. What happens to a job is said by the
// names of its scenarios, see script.h.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

#include <testarena/executor.h>
#include <testarena/host.h>

#include "farm.h"

namespace testarena::dummy_executor {

struct Settings {
  Idempotency idempotency =
      Idempotency::c3;                     ///< what it says of itself, and what it does:
                                           ///<   c3 refuses known and removed ids; c2 runs a known or removed id anew
                                           ///<   under the same name; c1 as c2; c0 as c2, and `status` knows no job
  std::chrono::milliseconds in_flight{0};  ///< told with c1 and c2
  int64_t slots = 4;                       ///< runs at once
  bool push = true;                        ///< `wait_changes` works
  std::chrono::milliseconds latency{0};    ///< how long a run takes whose name does not say
  TA_FIELDS(idempotency, in_flight, slots, push, latency)
};

/// Everything is in memory: a new instance knows nothing. Artifacts: each run that has ended left one, `notes.txt`.
/// Threads: any.
class DummyExecutor final : public Executor {
 public:
  using Settings = dummy_executor::Settings;

  DummyExecutor(const Settings& settings, const Host& host);

  ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) override;
  Submitted submit(const Submission& submission, Call& call) override;
  StatusAnswer status(const StatusRequest& request, Call& call) override;
  LogPart read_log(const LogRequest& request, Call&) override;
  None abort(const JobRef& ref, Call&) override;
  None remove(const JobRef& ref, Call&) override;
  Health health(const HealthRequest&, Call&) override;
  Artifacts list_artifacts(const ArtifactsRequest& request, Call&) override;
  LogPart read_artifact(const ArtifactRequest& request, Call&) override;
  JobList list(const ListRequest& request, Call&) override;
  Changes wait_changes(const ChangesRequest& request, Call& call) override;

 private:
  /// How often the job was submitted before.
  int64_t accept(const Submission& submission);
  JobStatus statusOf(const JobRef& ref);
  const Farm::Run& runOf(const std::string& job, const std::string& scenario, int64_t attempt);

  const Settings settings_;
  const Farm::Clock::time_point bornSteady_ = Farm::Clock::now();
  const Time born_;

  std::mutex mutex_;
  // Protected by mutex_.
  std::condition_variable changed_;
  Farm farm_;
  std::set<std::string> removed_;
};

}  // namespace testarena::dummy_executor
