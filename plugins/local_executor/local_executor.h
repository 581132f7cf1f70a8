// SPDX-License-Identifier: Apache-2.0
// Executor of this machine: each run is a process under a supervisor of its own, so that runs outlive the server.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include <testarena/executor.h>
#include <testarena/host.h>

#include "git_repository.h"
#include "job_table.h"
#include "scheduler.h"
#include "settings.h"

namespace testarena::local_executor {

/// Level c3: everything is on disk before it is answered, and ids of removed jobs are kept for ever.
///
/// The operations answer from memory (job_table.h) and from the files of runs; nothing of them waits for a run but
/// `remove`, which waits for the end of the job's processes as long as the call allows, and then says Unavailable.
class LocalExecutor final : public Executor {
 public:
  using Settings = local_executor::Settings;

  /// Throws Invalid for a configuration that cannot work on this machine. Touches no state: that begins with the first
  /// operation, so that a configuration can be checked beside a server that runs.
  LocalExecutor(const Settings& settings, const Host& host);

  ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) override;
  Submitted submit(const Submission& submission, Call& call) override;
  StatusAnswer status(const StatusRequest& request, Call&) override;
  LogPart read_log(const LogRequest& request, Call&) override;
  None abort(const JobRef& ref, Call&) override;
  None abort_run(const RunRef& ref, Call&) override;
  None remove(const JobRef& ref, Call& call) override;
  Health health(const HealthRequest&, Call& call) override;
  Artifacts list_artifacts(const ArtifactsRequest& request, Call&) override;
  LogPart read_artifact(const ArtifactRequest& request, Call&) override;
  JobList list(const ListRequest& request, Call&) override;
  Changes wait_changes(const ChangesRequest& request, Call& call) override;

 private:
  /// Takes over the environment if that has not been done.
  JobTable& table();

  const Settings settings_;
  const Host host_;
  const Limits limits_;
  const std::optional<Account> account_;
  const std::filesystem::path root_;
  const std::filesystem::path supervisor_;
  git::Repository repository_;

  std::mutex opening_;
  // Protected by opening_ until they are set, and then never changed.
  std::unique_ptr<JobTable> table_;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace testarena::local_executor
