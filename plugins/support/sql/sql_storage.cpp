// SPDX-License-Identifier: Apache-2.0
#include "sql_storage.h"

#include "audit_log.h"
#include "built_in_migrations.h"
#include "expansions.h"
#include "job_changes.h"
#include "job_list.h"
#include "jobs.h"
#include "names.h"
#include "people.h"
#include "sessions.h"
#include "text_check.h"

namespace testarena::sql {

template <class Request, class Answer>
Answer SqlStorage::ask(const Request& request, Call& call, Answer (*work)(Connection&, const Request&)) {
  checkTexts(request);
  return database().answer(call, [&](Connection& connection) { return work(connection, request); });
}

template <class Request, class Answer>
Answer SqlStorage::change(const Request& request, Call& call, Lists lists,
                          Answer (*work)(Connection&, const Request&)) {
  checkTexts(request);
  return database().change(call, lists, [&](Connection& connection) { return work(connection, request); });
}

template <class Request>
None SqlStorage::change(const Request& request, Call& call, void (*work)(Connection&, const Request&)) {
  checkTexts(request);
  database().write(call, Lists::unchanged, [&](Connection& connection) { work(connection, request); });
  return {};
}

Database& SqlStorage::database() {
  if (!ready_.load(std::memory_order_acquire)) throw WrongState("the storage has not been opened");
  return *database_;
}

OpenedStorage SqlStorage::open(const OpenStorageRequest& request, Call& call) {
  const std::lock_guard<std::mutex> lock(opening_);
  if (ready_) return bringUpToDate(*database_, builtInMigrations(), request.migrate, call);
  database_ = connect();
  try {
    OpenedStorage opened = bringUpToDate(*database_, builtInMigrations(), request.migrate, call);
    ready_.store(true, std::memory_order_release);
    return opened;
  } catch (...) {
    database_.reset();  // another attempt, or another process, may take it
    throw;
  }
}

Health SqlStorage::health(const HealthRequest&, Call&) {
  Health health;
  if (!ready_.load(std::memory_order_acquire)) {
    health.state = HealthState::down;
    health.message = "the storage has not been opened";
    return health;
  }
  health.message = database_->trouble();
  health.state = health.message.empty() ? HealthState::ok : HealthState::degraded;
  health.version = database_->version();
  return health;
}

CreatedJob SqlStorage::create_job(const NewJob& request, Call& call) {
  return change(request, call, Lists::changed, &createJob);
}
CreatedJob SqlStorage::find_submission(const SubmissionRequest& request, Call& call) {
  return ask(request, call, &findSubmission);
}
Job SqlStorage::get_job(const JobRequest& request, Call& call) {
  return ask(request, call, &getJob);
}
JobPage SqlStorage::list_jobs(const JobQuery& request, Call& call) {
  return ask(request, call, &listJobs);
}
Jobs SqlStorage::open_jobs(const OpenJobsRequest& request, Call& call) {
  return ask(request, call, &openJobs);
}
JobRevision SqlStorage::update_job(const JobUpdate& request, Call& call) {
  return change(request, call, Lists::changed, &updateJob);
}
IntentAnswer SqlStorage::request_intent(const IntentRequest& request, Call& call) {
  return change(request, call, Lists::changed, &requestIntent);
}
None SqlStorage::purge_job(const JobRequest& request, Call& call) {
  const Time now = host_.now();
  database().write(call, Lists::unchanged, [&](Connection& connection) { purgeJob(connection, request, now); });
  return {};
}
DataRevision SqlStorage::data_revision(const DataRevisionRequest&, Call&) {
  return {database().dataRevision()};
}

None SqlStorage::put_expansion(const Expansion& request, Call& call) {
  return change(request, call, &putExpansion);
}
Expansions SqlStorage::get_expansions(const ExpansionsRequest& request, Call& call) {
  return ask(request, call, &getExpansions);
}

None SqlStorage::create_user(const UserChange& request, Call& call) {
  return change(request, call, &createUser);
}
None SqlStorage::update_user(const UserChange& request, Call& call) {
  return change(request, call, &updateUser);
}
User SqlStorage::get_user(const UserRequest& request, Call& call) {
  return ask(request, call, &getUser);
}
Users SqlStorage::list_users(const UsersRequest& request, Call& call) {
  return ask(request, call, &listUsers);
}
None SqlStorage::put_credential(const Credential& request, Call& call) {
  return change(request, call, &putCredential);
}
FoundCredential SqlStorage::get_credential(const UserRequest& request, Call& call) {
  return ask(request, call, &getCredential);
}

None SqlStorage::create_session(const Session& request, Call& call) {
  return change(request, call, &createSession);
}
FoundSession SqlStorage::get_session(const SessionRequest& request, Call& call) {
  return ask(request, call, &getSession);
}
None SqlStorage::touch_session(const SessionUse& request, Call& call) {
  return change(request, call, &touchSession);
}
None SqlStorage::delete_session(const SessionRequest& request, Call& call) {
  return change(request, call, &deleteSession);
}
None SqlStorage::delete_sessions_of(const UserRequest& request, Call& call) {
  checkTexts(request);
  const std::string key = nameKey(request.username);
  database().write(call, Lists::unchanged, [&](Connection& connection) { endSessionsOf(connection, key); });
  return {};
}

None SqlStorage::create_token(const TokenChange& request, Call& call) {
  return change(request, call, &createToken);
}
FoundToken SqlStorage::get_token(const TokenRequest& request, Call& call) {
  return ask(request, call, &getToken);
}
None SqlStorage::touch_token(const TokenUse& request, Call& call) {
  return change(request, call, &touchToken);
}
Tokens SqlStorage::list_tokens(const UserRequest& request, Call& call) {
  return ask(request, call, &listTokens);
}
None SqlStorage::delete_token(const TokenChange& request, Call& call) {
  return change(request, call, &deleteToken);
}

None SqlStorage::append_audit(const Audit& request, Call& call) {
  return change(request, call, &appendAudit);
}
AuditPage SqlStorage::list_audit(const AuditRequest& request, Call& call) {
  return ask(request, call, &listAudit);
}

None SqlStorage::tidy(const Housekeeping& request, Call& call) {
  return change(request, call, &sql::tidy);
}

std::vector<const Query*> allQueries() {
  std::vector<const Query*> all;
  for (const auto* area : {&jobQueries(), &jobChangeQueries(), &jobListQueries(), &expansionQueries(), &peopleQueries(),
                           &sessionQueries(), &auditQueries()}) {
    all.insert(all.end(), area->begin(), area->end());
  }
  return all;
}

}  // namespace testarena::sql
