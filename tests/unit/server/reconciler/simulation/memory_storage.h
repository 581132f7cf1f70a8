// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "world.h"

namespace testarena::server::simulation {

/// The storage of the reconciler's jobs as its contract has it, in memory; what it keeps outlives the host. Watches
/// that ends are never taken back and revisions only grow. What the reconciler never asks is not there.
class MemoryStorage final : public Storage {
 public:
  explicit MemoryStorage(World& world) : world_(world) {}

  const std::map<std::int64_t, Job>& jobs() const { return jobs_; }
  /// As people do it, who are told of no fault.
  std::int64_t create(const NewJob& wanted);
  IntentAnswer intend(const IntentRequest& request);

  Job get_job(const JobRequest& request, Call&) override;
  Jobs open_jobs(const OpenJobsRequest& request, Call&) override;
  JobRevision update_job(const JobUpdate& update, Call&) override;
  IntentAnswer request_intent(const IntentRequest& request, Call&) override;
  None purge_job(const JobRequest& request, Call&) override;
  None put_expansion(const Expansion&, Call&) override { return {}; }

  OpenedStorage open(const OpenStorageRequest&, Call&) override { return notAsked<OpenedStorage>(); }
  Health health(const HealthRequest&, Call&) override { return notAsked<Health>(); }
  CreatedJob create_job(const NewJob&, Call&) override { return notAsked<CreatedJob>(); }
  CreatedJob find_submission(const SubmissionRequest&, Call&) override { return notAsked<CreatedJob>(); }
  JobPage list_jobs(const JobQuery&, Call&) override { return notAsked<JobPage>(); }
  DataRevision data_revision(const DataRevisionRequest&, Call&) override { return notAsked<DataRevision>(); }
  Expansions get_expansions(const ExpansionsRequest&, Call&) override { return notAsked<Expansions>(); }
  None create_user(const UserChange&, Call&) override { return notAsked<None>(); }
  None update_user(const UserChange&, Call&) override { return notAsked<None>(); }
  User get_user(const UserRequest&, Call&) override { return notAsked<User>(); }
  Users list_users(const UsersRequest&, Call&) override { return notAsked<Users>(); }
  None put_credential(const Credential&, Call&) override { return notAsked<None>(); }
  FoundCredential get_credential(const UserRequest&, Call&) override { return notAsked<FoundCredential>(); }
  None create_session(const Session&, Call&) override { return notAsked<None>(); }
  FoundSession get_session(const SessionRequest&, Call&) override { return notAsked<FoundSession>(); }
  None touch_session(const SessionUse&, Call&) override { return notAsked<None>(); }
  None delete_session(const SessionRequest&, Call&) override { return notAsked<None>(); }
  None delete_sessions_of(const UserRequest&, Call&) override { return notAsked<None>(); }
  None create_token(const TokenChange&, Call&) override { return notAsked<None>(); }
  FoundToken get_token(const TokenRequest&, Call&) override { return notAsked<FoundToken>(); }
  None touch_token(const TokenUse&, Call&) override { return notAsked<None>(); }
  Tokens list_tokens(const UserRequest&, Call&) override { return notAsked<Tokens>(); }
  None delete_token(const TokenChange&, Call&) override { return notAsked<None>(); }
  None append_audit(const Audit&, Call&) override { return notAsked<None>(); }
  AuditPage list_audit(const AuditRequest&, Call&) override { return notAsked<AuditPage>(); }
  None tidy(const Housekeeping&, Call&) override { return notAsked<None>(); }

 private:
  template <class Answer>
  Answer notAsked() {
    world_.broke("the reconciler asked the storage for what is none of its business");
    return {};
  }
  Job& find(std::int64_t id);
  JobRevision apply(const JobUpdate& update);
  Fault nextCall();

  World& world_;
  std::map<std::int64_t, Job> jobs_;
  std::int64_t lastId_ = 0;
};

}  // namespace testarena::server::simulation
