// SPDX-License-Identifier: Apache-2.0
// Executor over testarena-runner: part 2 of doc/remote-protocol.md.
#pragma once

#include <string>
#include <vector>

#include <testarena/executor.h>

#include "job_book.h"
#include "remote.h"

namespace testarena::http_executor {

/// Each operation is one request; what the runner says of itself counts. Threads: any.
class RunnerExecutor final : public Executor {
 public:
  /// `profile` and `remote` must outlive it.
  RunnerExecutor(const Profile& profile, Remote& remote, ExecutorCapabilities can)
      : profile_(profile), remote_(remote), can_(can), book_(profile.folder / "jobs") {}

  ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) override { return can_; }
  Submitted submit(const Submission& submission, Call& call) override;
  StatusAnswer status(const StatusRequest& request, Call& call) override;
  LogPart read_log(const LogRequest& request, Call& call) override;
  None abort(const JobRef& ref, Call& call) override;
  None remove(const JobRef& ref, Call& call) override;
  Health health(const HealthRequest&, Call& call) override;
  Artifacts list_artifacts(const ArtifactsRequest& request, Call& call) override;
  LogPart read_artifact(const ArtifactRequest& request, Call& call) override;
  JobList list(const ListRequest& request, Call& call) override;
  Changes wait_changes(const ChangesRequest& request, Call& call) override;
  None abort_run(const RunRef& ref, Call& call) override;

 private:
  std::string queueInPath(const std::string& job) const;
  /// The host's id of what the runner calls `queue`; empty: it is another host's.
  std::string jobOf(const std::string& queue) const;
  /// Sends; the whole answer 200. Throws what another answer means.
  http::Answer ask(const http::Request& request, const Call& call);
  /// Sends it, and makes sure that it was the runner who has answered: a page of something in between is no deed.
  void command(const http::Request& request, const std::string& id, const Call& call);
  http::Answer get(const std::string& target, const Call& call) { return ask(remote_.request("GET", target), call); }
  /// Appends the answers to `asked`, one for each.
  void askStatuses(const std::vector<JobRef>& asked, std::vector<JobStatus>& answers, const Call& call);
  LogPart part(const std::string& target, int64_t offset, int64_t limit, const Call& call);

  const Profile& profile_;
  Remote& remote_;
  const ExecutorCapabilities can_;
  const JobBook book_;  ///< which task runs which scenario
};

}  // namespace testarena::http_executor
