// SPDX-License-Identifier: Apache-2.0
// Executor that drives a remote execution server over HTTP: testarena-runner, or one that exists already.
#pragma once

#include <memory>
#include <mutex>

#include <testarena/executor.h>
#include <testarena/host.h>

#include "remote.h"
#include "runner_memory.h"
#include "settings.h"

namespace testarena::http_executor {

/// Asks the server once which of the two it is, and hands each operation to the executor for it. Nothing else than that
/// one question is ever sent to an existing server beside the documented requests. A runner is asked again whenever it
/// has not answered for once: it may have been replaced.
///
/// Threads: any.
class HttpExecutor final : public Executor {
 public:
  using Settings = http_executor::Settings;

  /// Throws Invalid for a configuration that cannot work. Asks nobody yet.
  HttpExecutor(const Settings& settings, const Host& host);

  ExecutorCapabilities capabilities(const CapabilitiesRequest& request, Call& call) override {
    return behind(call).capabilities(request, call);
  }
  Submitted submit(const Submission& submission, Call& call) override { return behind(call).submit(submission, call); }
  StatusAnswer status(const StatusRequest& request, Call& call) override { return behind(call).status(request, call); }
  LogPart read_log(const LogRequest& request, Call& call) override { return behind(call).read_log(request, call); }
  None abort(const JobRef& ref, Call& call) override { return behind(call).abort(ref, call); }
  None remove(const JobRef& ref, Call& call) override { return behind(call).remove(ref, call); }
  Health health(const HealthRequest& request, Call& call) override { return behind(call).health(request, call); }
  Artifacts list_artifacts(const ArtifactsRequest& request, Call& call) override {
    return behind(call).list_artifacts(request, call);
  }
  LogPart read_artifact(const ArtifactRequest& request, Call& call) override {
    return behind(call).read_artifact(request, call);
  }
  JobList list(const ListRequest& request, Call& call) override { return behind(call).list(request, call); }
  Changes wait_changes(const ChangesRequest& request, Call& call) override {
    return behind(call).wait_changes(request, call);
  }
  None abort_run(const RunRef& ref, Call& call) override { return behind(call).abort_run(ref, call); }

 private:
  enum class Kind { unknown, existing, runner };

  /// Throws Unavailable or Denied while it is not known what the server is.
  Executor& behind(const Call& call);
  Kind ask(const Call& call, ExecutorCapabilities& can);
  /// One question. `told` is what was answered, in words; `isPlain` whether it is what existing servers say of an
  /// unknown path.
  Kind askOnce(const Call& call, ExecutorCapabilities& can, std::string& told, bool& isPlain);

  const Profile profile_;
  const std::string address_;  ///< of the server, with what its paths begin with
  const RunnerMemory memory_;
  const Host host_;
  Remote remote_;

  std::mutex mutex_;
  // Protected by mutex_.
  Kind kind_ = Kind::unknown;
  bool askAgain_ = false;
  std::unique_ptr<Executor> behind_;  ///< never changes again once it is set
};

}  // namespace testarena::http_executor
