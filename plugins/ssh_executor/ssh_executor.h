// SPDX-License-Identifier: Apache-2.0
// Executor of another machine, on which nothing has to be installed but sshd, git and a POSIX shell.
#pragma once

#include <map>
#include <mutex>

#include <testarena/executor.h>
#include <testarena/host.h>

#include "answers.h"
#include "connection.h"
#include "remote_home.h"
#include "remote_repository.h"
#include "settings.h"

namespace testarena::ssh_executor {

/// Level c3. All that is to be known of a job lies on the machine (remote/files.sh), where a script goes on with it
/// whether or not anybody is connected; here is only a memory of what never changes. Each operation is one command over
/// there, `submit` up to four.
class SshExecutor final : public Executor {
 public:
  using Settings = ssh_executor::Settings;

  /// Throws Invalid for a configuration that makes no sense. Connects nowhere.
  SshExecutor(const Settings& settings, const Host& host);

  ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) override;
  Submitted submit(const Submission& submission, Call& call) override;
  StatusAnswer status(const StatusRequest& request, Call& call) override;
  LogPart read_log(const LogRequest& request, Call& call) override;
  Artifacts list_artifacts(const ArtifactsRequest& request, Call& call) override;
  LogPart read_artifact(const ArtifactRequest& request, Call& call) override;
  JobList list(const ListRequest& request, Call& call) override;
  Changes wait_changes(const ChangesRequest& request, Call& call) override;
  None abort(const JobRef& ref, Call& call) override;
  None abort_run(const RunRef& ref, Call& call) override;
  None remove(const JobRef& ref, Call& call) override;
  Health health(const HealthRequest&, Call& call) override;

 private:
  Submitted acceptKnown(const Submission& submission, const std::string& answer);
  std::string numberOfEndedRun(const std::string& job, const std::string& scenario, int64_t attempt, Call& call);
  RecordPtr recordOf(const std::string& job, Call& call);
  RecordPtr knownRecord(const std::string& job) const;
  void remember(const std::string& job, RecordPtr record);
  void forget(const std::string& job);

  const Settings settings_;
  const Host host_;
  const Terms terms_;
  ssh::Connection connection_;
  ssh::RemoteRepository repository_;
  RemoteHome home_;

  mutable std::mutex mutex_;
  std::map<std::string, RecordPtr> records_;  // protected by mutex_; may be lost at any time
};

}  // namespace testarena::ssh_executor
