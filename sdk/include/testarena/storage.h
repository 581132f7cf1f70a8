// SPDX-License-Identifier: Apache-2.0
// Storage: keeps jobs, people and what happened, durably.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <testarena/interface.h>
#include <testarena/types.h>

namespace testarena {
inline namespace v1 {

// ---- Jobs -----------------------------------------------------------------------------------------------------------

/// What the user wants of a job. It only moves forward: run -> abort -> remove.
TA_ENUM(Intent, unknown, run, abort, remove)

/// How far the host is with the remote.
///  unsent      nothing has left for the remote.
///  sending     a submission may have left since `sent_at`; whether it arrived is not known.
///  accepted    the remote has the job; its state is followed.
///  collecting  the job has ended; logs and artifacts are being copied.
///  cleaning    all is kept; the remote's copy is being removed.
///  closed      nothing is left to do.
TA_ENUM(Phase, unknown, unsent, sending, accepted, collecting, cleaning, closed)

struct Run {
  std::string scenario;
  std::string path;
  int64_t attempt = 1;
  std::string expanded_from;
  State state = State::waiting;
  std::string reason;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  std::optional<int64_t> exit_code;
  int64_t log_bytes = 0;  ///< what the host has kept; written when the run ends, live sizes are the log store's
  bool log_complete = false;
  std::string report_url;
  TA_FIELDS(scenario, path, attempt, expanded_from, state, reason, started_at, finished_at, exit_code, log_bytes,
            log_complete, report_url)
};

struct RunCounts {
  int64_t waiting = 0;
  int64_t in_progress = 0;
  int64_t passed = 0;
  int64_t failed = 0;
  int64_t skipped = 0;
  int64_t errored = 0;
  int64_t aborted = 0;
  TA_FIELDS(waiting, in_progress, passed, failed, skipped, errored, aborted)
};

/// A job as a list shows it.
struct JobRow {
  int64_t id = 0;
  std::string user;
  std::string environment;
  std::string branch;
  std::string commit;
  State state = State::waiting;
  std::string reason;
  Time created_at{};
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  int64_t revision = 0;  ///< grows with every change of the job
  RunCounts counts;
  TA_FIELDS(id, user, environment, branch, commit, state, reason, created_at, started_at, finished_at, revision, counts)
};

/// What only the reconciler needs of a job.
struct JobProgress {
  Intent intent = Intent::run;
  Phase phase = Phase::unsent;
  std::string handle;           ///< the executor's name of the job
  std::optional<Time> sent_at;  ///< when the last submission left
  int64_t send_attempts = 0;
  int64_t log_bytes = 0;  ///< of the job's own log, as kept
  bool log_complete = false;
  bool deleted = false;  ///< gone for everybody but the reconciler
  TA_FIELDS(intent, phase, handle, sent_at, send_attempts, log_bytes, log_complete, deleted)
};

struct Job {
  JobRow row;
  JobProgress progress;
  std::vector<Run> runs;  ///< in the order of submission; runs of a lister follow in the order they were told
  TA_FIELDS(row, progress, runs)
};

/// One line of the audit log; written in the same transaction as the change that carries it.
struct Audit {
  Time at{};
  std::string actor;    ///< user name; empty for the server itself
  std::string address;  ///< of the client
  std::string action;   ///< `job.submit`, `job.abort`, `job.delete`, `user.create`, ...
  std::string subject;  ///< `job 17`, `user anna`
  std::string detail;
  TA_FIELDS(at, actor, address, action, subject, detail)
};

struct NewJob {
  std::string user;
  std::string environment;
  std::string branch;
  std::string commit;
  Time created_at{};
  std::vector<RunRequest> runs;
  std::string idempotency_key;  ///< per user; empty: none
  std::string request_digest;   ///< of what was asked, compared when the key comes again
  Audit audit;                  ///< the storage completes `subject` with the new id
  TA_FIELDS(user, environment, branch, commit, created_at, runs, idempotency_key, request_digest, audit)
};

/// created: a new job. existing: the key was used for the very same request, `job` is that one (also when it was
/// deleted since: then `job.progress.deleted`). mismatch: the key was used for another request; nothing was written.
TA_ENUM(Creation, unknown, created, existing, mismatch)

struct SubmissionRequest {
  std::string user;
  std::string idempotency_key;
  std::string request_digest;
  TA_FIELDS(user, idempotency_key, request_digest)
};

struct CreatedJob {
  Creation creation = Creation::unknown;
  Job job;
  TA_FIELDS(creation, job)
};

struct JobRequest {
  int64_t id = 0;
  bool with_deleted = false;  ///< the reconciler's view
  TA_FIELDS(id, with_deleted)
};

struct JobQuery {
  std::string q;  ///< a job id, or (part of) a user name, case-insensitive; empty: no search
  std::string user;
  std::string environment;
  std::string branch;
  std::optional<State> state;
  std::optional<int64_t> after;  ///< only ids below; the `next` of the page before
  int64_t limit = 50;            ///< 1 to 500
  TA_FIELDS(q, user, environment, branch, state, after, limit)
};

struct JobPage {
  std::vector<JobRow> jobs;     ///< newest (highest id) first; never deleted ones
  std::optional<int64_t> next;  ///< unset: that was the last page
  TA_FIELDS(jobs, next)
};

struct OpenJobsRequest {
  std::string environment;
  int64_t after = 0;  ///< only ids above
  int64_t limit = 1000;
  TA_FIELDS(environment, after, limit)
};

struct Jobs {
  std::vector<Job> jobs;
  TA_FIELDS(jobs)
};

/// A change of a job by the reconciler: compare-and-set on `revision`. Everything in one transaction.
struct JobUpdate {
  int64_t id = 0;
  int64_t revision = 0;  ///< what the change was computed from
  State state = State::unknown;
  std::string reason;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  JobProgress progress;              ///< replaces all but `intent` and `deleted`, which only requests change
  std::vector<Run> runs;             ///< written whole, added if (scenario, attempt) is new; others stay as they are
  std::vector<RunRequest> obsolete;  ///< runs to drop: a lister's placeholder, once its tests are known
  TA_FIELDS(id, revision, state, reason, started_at, finished_at, progress, runs, obsolete)
};

struct JobRevision {
  int64_t revision = 0;
  TA_FIELDS(revision)
};

struct IntentRequest {
  int64_t id = 0;
  Intent intent = Intent::unknown;  ///< abort or remove
  std::string reason;               ///< becomes the job's reason where something changes and this is not empty
  Audit audit;
  TA_FIELDS(id, intent, reason, audit)
};

struct IntentAnswer {
  bool changed = false;  ///< false: it had ended already (abort), or the intent was there; nothing was written
  Job job;
  TA_FIELDS(changed, job)
};

// ---- Expansions: what a lister found on a commit
// ----------------------------------------------------------------------

struct Expansion {
  std::string environment;
  std::string commit;
  std::string lister;  ///< `ctest`
  std::vector<RunRequest> runs;
  TA_FIELDS(environment, commit, lister, runs)
};

struct ExpansionsRequest {
  std::string environment;
  std::string commit;
  TA_FIELDS(environment, commit)
};

struct Expansions {
  std::vector<Expansion> expansions;
  TA_FIELDS(expansions)
};

// ---- People
// -----------------------------------------------------------------------------------------------------------

TA_ENUM(Role, unknown, viewer, user, administrator)

struct User {
  std::string username;  ///< unique without regard to case (Unicode-unaware: ASCII letters)
  std::string display_name;
  std::string mail;
  Role role = Role::user;
  std::string source;  ///< the authenticator that owns it (`local_authenticator`)
  bool enabled = true;
  Time created_at{};
  std::optional<Time> last_login_at;
  TA_FIELDS(username, display_name, mail, role, source, enabled, created_at, last_login_at)
};

struct UserChange {
  User user;
  Audit audit;
  TA_FIELDS(user, audit)
};

struct UserRequest {
  std::string username;
  TA_FIELDS(username)
};

struct UsersRequest {
  std::string after;
  int64_t limit = 100;
  TA_FIELDS(after, limit)
};

struct Users {
  std::vector<User> users;  ///< by name
  std::string next;         ///< empty: that was all
  TA_FIELDS(users, next)
};

struct Credential {
  std::string username;
  std::string secret;  ///< a password hash that tells its own algorithm; never a password
  Time changed_at{};
  TA_FIELDS(username, secret, changed_at)
};

struct FoundCredential {
  bool found = false;
  bool enabled = false;  ///< of the user
  Credential credential;
  TA_FIELDS(found, enabled, credential)
};

struct Session {
  std::string id;  ///< hash of the cookie's token, hexadecimal; the token itself is never stored
  std::string username;
  std::string csrf_token;
  std::string address;
  std::string user_agent;
  Time created_at{};
  Time used_at{};
  Time expires_at{};
  TA_FIELDS(id, username, csrf_token, address, user_agent, created_at, used_at, expires_at)
};

struct SessionRequest {
  std::string id;
  TA_FIELDS(id)
};

struct FoundSession {
  bool found = false;
  Session session;
  User user;
  TA_FIELDS(found, session, user)
};

struct SessionUse {
  std::string id;
  Time used_at{};
  Time expires_at{};
  TA_FIELDS(id, used_at, expires_at)
};

struct Token {
  std::string id;      ///< the public part, `ta_<id>_...`
  std::string digest;  ///< hash of the secret part, hexadecimal
  std::string username;
  std::string name;
  Time created_at{};
  std::optional<Time> expires_at;
  std::optional<Time> used_at;
  TA_FIELDS(id, digest, username, name, created_at, expires_at, used_at)
};

struct TokenChange {
  Token token;
  Audit audit;
  TA_FIELDS(token, audit)
};

struct TokenRequest {
  std::string id;
  TA_FIELDS(id)
};

struct FoundToken {
  bool found = false;
  Token token;
  User user;
  TA_FIELDS(found, token, user)
};

struct TokenUse {
  std::string id;
  Time used_at{};
  TA_FIELDS(id, used_at)
};

struct Tokens {
  std::vector<Token> tokens;
  TA_FIELDS(tokens)
};

struct AuditRequest {
  std::optional<int64_t> after;  ///< only entries below this number
  int64_t limit = 100;
  TA_FIELDS(after, limit)
};

struct AuditEntry {
  int64_t number = 0;
  Audit audit;
  TA_FIELDS(number, audit)
};

struct AuditPage {
  std::vector<AuditEntry> entries;  ///< newest first
  std::optional<int64_t> next;
  TA_FIELDS(entries, next)
};

struct DataRevisionRequest {
  TA_NO_FIELDS
};
struct DataRevision {
  int64_t revision = 0;  ///< grows with every change of what a job list can show; never repeats within one opening
  TA_FIELDS(revision)
};

struct Housekeeping {
  Time now{};
  Time forget_keys_before{};  ///< idempotency keys used before are forgotten
  TA_FIELDS(now, forget_keys_before)
};

struct OpenStorageRequest {
  bool migrate = true;  ///< false: refuse (`WrongState`) when the schema is older, naming both versions
  TA_FIELDS(migrate)
};
struct OpenedStorage {
  int64_t schema_version = 0;
  std::vector<std::string> applied;  ///< names of the migrations that ran
  TA_FIELDS(schema_version, applied)
};

/// The story. The host calls `open` once; it brings the schema up to date or says why it will not. People submit jobs
/// (`create_job`), the reconciler reads `open_jobs` of its environment at start and moves each job on with `update_job`
/// (compare-and-set: a `Conflict` means read again and decide again); people abort and delete by `request_intent`,
/// which never waits for the reconciler. Lists and searches are `list_jobs`. When a deleted job is gone from its remote
/// as well, `purge_job` forgets all but its id.
///
/// Durable: when an operation that writes has returned, its effect survives kill -9 and loss of power. Atomic: each
/// operation happens whole or not at all, its audit line included. Order: what one thread wrote, every thread reads
/// after it returned. Job ids count up from 1, below 2^53, and are never used twice, also not after deletion or
/// `Conflict`. All text is UTF-8 without NUL; else `Invalid`. `Unavailable`: could not be asked now, nothing was
/// written unless the message says that the outcome is not known. `Exhausted`: no space left; reads go on.
///
/// Threads: any, up to the manifest's `max_concurrency`.
class Storage {
 public:
  virtual ~Storage() = default;

  virtual OpenedStorage open(const OpenStorageRequest&, Call&) = 0;
  virtual Health health(const HealthRequest&, Call&) = 0;

  virtual CreatedJob create_job(const NewJob&, Call&) = 0;
  /// What `create_job` would answer for a key that was used before: `existing` or `mismatch`; `unknown` if it was not.
  virtual CreatedJob find_submission(const SubmissionRequest&, Call&) = 0;
  /// `NotFound`: never was, purged, or (without `with_deleted`) deleted.
  virtual Job get_job(const JobRequest&, Call&) = 0;
  virtual JobPage list_jobs(const JobQuery&, Call&) = 0;
  /// Jobs of the environment whose phase is not `closed`, deleted ones included, by ascending id.
  virtual Jobs open_jobs(const OpenJobsRequest&, Call&) = 0;
  /// `Conflict`: the revision is another one. `NotFound`: purged. A state that has ended is never changed
  /// (`WrongState`).
  virtual JobRevision update_job(const JobUpdate&, Call&) = 0;
  /// abort: nothing happens if the job has ended. remove: marks the job deleted; it leaves lists and `get_job` at once.
  /// A closed job that is removed is open again (phase `cleaning` if it was ever sent) until it is purged.
  virtual IntentAnswer request_intent(const IntentRequest&, Call&) = 0;
  /// Forgets a deleted job. Purging what is not there is not an error; `WrongState`: it is not deleted.
  virtual None purge_job(const JobRequest&, Call&) = 0;
  virtual DataRevision data_revision(const DataRevisionRequest&, Call&) = 0;

  /// Replaces what was kept for (environment, commit, lister).
  virtual None put_expansion(const Expansion&, Call&) = 0;
  virtual Expansions get_expansions(const ExpansionsRequest&, Call&) = 0;

  /// `Conflict`: the name is taken.
  virtual None create_user(const UserChange&, Call&) = 0;
  /// Replaces everything but name and `created_at`. Disabling ends the user's sessions in the same transaction.
  virtual None update_user(const UserChange&, Call&) = 0;
  virtual User get_user(const UserRequest&, Call&) = 0;
  virtual Users list_users(const UsersRequest&, Call&) = 0;

  /// Sets the credential of an existing user; ends the user's sessions. `NotFound`: no such user.
  virtual None put_credential(const Credential&, Call&) = 0;
  virtual FoundCredential get_credential(const UserRequest&, Call&) = 0;

  virtual None create_session(const Session&, Call&) = 0;
  /// Found only while it has not expired (by the caller's clock: it compares `expires_at`) and the user is enabled.
  virtual FoundSession get_session(const SessionRequest&, Call&) = 0;
  virtual None touch_session(const SessionUse&, Call&) = 0;
  virtual None delete_session(const SessionRequest&, Call&) = 0;
  virtual None delete_sessions_of(const UserRequest&, Call&) = 0;

  virtual None create_token(const TokenChange&, Call&) = 0;
  virtual FoundToken get_token(const TokenRequest&, Call&) = 0;
  virtual None touch_token(const TokenUse&, Call&) = 0;
  virtual Tokens list_tokens(const UserRequest&, Call&) = 0;
  virtual None delete_token(const TokenChange&, Call&) = 0;

  virtual None append_audit(const Audit&, Call&) = 0;
  virtual AuditPage list_audit(const AuditRequest&, Call&) = 0;

  /// Deletes expired sessions and old idempotency keys. May be called at any time.
  virtual None tidy(const Housekeeping&, Call&) = 0;
};

TA_INTERFACE(Storage, "storage/1", open, health, create_job, find_submission, get_job, list_jobs, open_jobs, update_job,
             request_intent, purge_job, data_revision, put_expansion, get_expansions, create_user, update_user,
             get_user, list_users, put_credential, get_credential, create_session, get_session, touch_session,
             delete_session, delete_sessions_of, create_token, get_token, touch_token, list_tokens, delete_token,
             append_audit, list_audit, tidy)

}  // namespace v1
}  // namespace testarena
