// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include <testarena/host.h>
#include <testarena/storage.h>

#include "database.h"

namespace testarena::sql {

/// Storage over a SQL database: checks what comes in, and runs each operation in one transaction. Derived classes say
/// which database it is. From any thread.
class SqlStorage : public Storage {
 public:
  OpenedStorage open(const OpenStorageRequest& request, Call& call) override;
  Health health(const HealthRequest& request, Call& call) override;

  CreatedJob create_job(const NewJob& request, Call& call) override;
  CreatedJob find_submission(const SubmissionRequest& request, Call& call) override;
  Job get_job(const JobRequest& request, Call& call) override;
  JobPage list_jobs(const JobQuery& request, Call& call) override;
  Jobs open_jobs(const OpenJobsRequest& request, Call& call) override;
  JobRevision update_job(const JobUpdate& request, Call& call) override;
  IntentAnswer request_intent(const IntentRequest& request, Call& call) override;
  None purge_job(const JobRequest& request, Call& call) override;
  DataRevision data_revision(const DataRevisionRequest& request, Call& call) override;

  None put_expansion(const Expansion& request, Call& call) override;
  Expansions get_expansions(const ExpansionsRequest& request, Call& call) override;

  None create_user(const UserChange& request, Call& call) override;
  None update_user(const UserChange& request, Call& call) override;
  User get_user(const UserRequest& request, Call& call) override;
  Users list_users(const UsersRequest& request, Call& call) override;
  None put_credential(const Credential& request, Call& call) override;
  FoundCredential get_credential(const UserRequest& request, Call& call) override;

  None create_session(const Session& request, Call& call) override;
  FoundSession get_session(const SessionRequest& request, Call& call) override;
  None touch_session(const SessionUse& request, Call& call) override;
  None delete_session(const SessionRequest& request, Call& call) override;
  None delete_sessions_of(const UserRequest& request, Call& call) override;

  None create_token(const TokenChange& request, Call& call) override;
  FoundToken get_token(const TokenRequest& request, Call& call) override;
  None touch_token(const TokenUse& request, Call& call) override;
  Tokens list_tokens(const UserRequest& request, Call& call) override;
  None delete_token(const TokenChange& request, Call& call) override;

  None append_audit(const Audit& request, Call& call) override;
  AuditPage list_audit(const AuditRequest& request, Call& call) override;

  None tidy(const Housekeeping& request, Call& call) override;

 protected:
  explicit SqlStorage(Host host) : host_(std::move(host)) {}

  /// Makes the connection to the database, whose schema may be of any age.
  virtual std::unique_ptr<Database> connect() = 0;

 private:
  /// One operation: the texts of `request` are checked, then `work(connection, request)` runs and gives the answer.
  template <class Request, class Answer>
  Answer ask(const Request& request, Call& call, Answer (*work)(Connection&, const Request&));
  template <class Request, class Answer>
  Answer change(const Request& request, Call& call, Lists lists, Answer (*work)(Connection&, const Request&));
  template <class Request>
  None change(const Request& request, Call& call, void (*work)(Connection&, const Request&));

  /// WrongState before `open` has succeeded.
  Database& database();

  const Host host_;
  std::mutex opening_;
  std::unique_ptr<Database> database_;  // set once, before ready_
  std::atomic<bool> ready_{false};
};

/// Every statement there is, for the tests of query plans.
std::vector<const Query*> allQueries();

}  // namespace testarena::sql
