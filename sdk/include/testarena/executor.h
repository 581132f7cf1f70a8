// SPDX-License-Identifier: Apache-2.0
// Executor: runs the scenarios of a job somewhere, over one remote execution protocol.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <testarena/interface.h>
#include <testarena/types.h>

namespace testarena {
inline namespace v1 {

/// What an executor can prove about a submission whose answer was lost.
///  c3  refuses an id that it knows or ever deleted: the host may send again at once.
///  c2  can be asked whether it knows an id, and a request can be in flight for `in_flight` at most; the host waits
///  that
///      long before it sends again or calls a deletion done. c1: the same, but it forgets deleted ids.
///  c0  cannot be asked: the host sends once, and a lost answer ends as `errored` for a person to decide.
TA_ENUM(Idempotency, unknown, c0, c1, c2, c3)

struct ExecutorCapabilities {
  Idempotency idempotency = Idempotency::c0;
  std::chrono::milliseconds in_flight{0};  ///< see Idempotency; 0 for c3
  int64_t max_batch = 100;                 ///< jobs in one `status`
  bool wait_changes = false;               ///< `wait_changes` works; such a plugin declares max_concurrency >= 2
  bool list = false;                       ///< `list` works
  bool artifacts = false;                  ///< `list_artifacts` and `read_artifact` work
  bool pins_commit = true;                 ///< runs exactly `commit`, not whatever the branch has become
  bool abort_run = false;                  ///< `abort_run` works
  TA_FIELDS(idempotency, in_flight, max_batch, wait_changes, list, artifacts, pins_commit, abort_run)
};

struct CapabilitiesRequest {
  TA_NO_FIELDS
};

/// A job as an executor gets it. `job` is the host's id as text, [A-Za-z0-9_][A-Za-z0-9._:-]{0,127}.
struct Submission {
  std::string job;
  std::string environment;
  std::string user;
  std::string branch;  ///< as the user typed it: for show only, never to be resolved again
  std::string commit;  ///< full object name; what runs
  std::vector<RunRequest> runs;
  TA_FIELDS(job, environment, user, branch, commit, runs)
};

struct Submitted {
  std::string
      handle;  ///< the executor's own name of the job, kept by the host and handed back in every JobRef; may be empty
  TA_FIELDS(handle)
};

struct JobRef {
  std::string job;
  std::string handle;
  TA_FIELDS(job, handle)
};

struct RunRef {
  std::string job;
  std::string handle;
  std::string scenario;
  int64_t attempt = 1;
  TA_FIELDS(job, handle, scenario, attempt)
};

struct StatusRequest {
  std::vector<JobRef> jobs;
  TA_FIELDS(jobs)
};

struct RunStatus {
  std::string scenario;
  int64_t attempt = 1;
  State state = State::unknown;
  std::string reason;  ///< why it errored, failed by a limit or a signal, was skipped; empty for a plain verdict
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  std::optional<int64_t> exit_code;  ///< unset when it was ended by a signal or never started
  int64_t log_bytes = 0;             ///< final once `state` is an end
  std::string expanded_from;         ///< set on runs that a lister found after setup: the host did not name them
  std::string path;
  std::string report_url;  ///< a report that the remote serves itself; http or https, else ignored
  TA_FIELDS(scenario, attempt, state, reason, started_at, finished_at, exit_code, log_bytes, expanded_from, path,
            report_url)
};

struct JobStatus {
  std::string job;
  State state = State::unknown;            ///< unknown: the executor has no such job
  std::string reason;                      ///< why it waits, or what went wrong with the job as a whole
  int64_t log_bytes = 0;                   ///< of the job's own log (setup); final once `state` is an end
  std::chrono::milliseconds next_poll{0};  ///< a hint: nothing will have changed before; 0 = none
  std::vector<RunStatus> runs;
  TA_FIELDS(job, state, reason, log_bytes, next_poll, runs)
};

struct StatusAnswer {
  std::vector<JobStatus> jobs;  ///< one for each asked job, in the order asked
  TA_FIELDS(jobs)
};

struct LogRequest {
  std::string job;
  std::string handle;
  std::string scenario;  ///< empty: the job's own log
  int64_t attempt = 1;
  int64_t offset = 0;  ///< of the first byte wanted
  int64_t limit = 1 << 20;
  TA_FIELDS(job, handle, scenario, attempt, offset, limit)
};

struct LogPart {
  bool complete = false;  ///< the log ends with the last byte of `data` and will not grow
  Bytes data;  ///< [offset, offset + size): may be shorter than asked; empty and not complete: nothing new yet
  TA_FIELDS(complete, data)
};

struct ArtifactsRequest {
  std::string job;
  std::string handle;
  std::string scenario;
  int64_t attempt = 1;
  TA_FIELDS(job, handle, scenario, attempt)
};

struct Artifact {
  std::string name;  ///< relative path, '/' between parts, never absolute, no `..`
  int64_t size = 0;
  TA_FIELDS(name, size)
};

struct Artifacts {
  std::vector<Artifact> artifacts;
  TA_FIELDS(artifacts)
};

struct ArtifactRequest {
  std::string job;
  std::string handle;
  std::string scenario;
  int64_t attempt = 1;
  std::string name;
  int64_t offset = 0;
  int64_t limit = 1 << 20;
  TA_FIELDS(job, handle, scenario, attempt, name, offset, limit)
};

struct ListRequest {
  std::string after;  ///< `next` of the answer before; empty for the first
  int64_t limit = 1000;
  TA_FIELDS(after, limit)
};

struct ListedJob {
  std::string job;
  std::string handle;
  State state = State::unknown;
  TA_FIELDS(job, handle, state)
};

struct JobList {
  std::vector<ListedJob> jobs;
  std::string next;  ///< empty: that was all
  TA_FIELDS(jobs, next)
};

struct ChangesRequest {
  std::string cursor;  ///< of the answer before; empty: from now on
  std::chrono::milliseconds timeout{10000};
  TA_FIELDS(cursor, timeout)
};

struct Changes {
  std::string cursor;
  std::vector<std::string> jobs;  ///< ids of jobs whose `status` may have changed; empty after the timeout
  TA_FIELDS(cursor, jobs)
};

/// The story. The host asks `capabilities` after create and now and then. For each job it stores its intent and calls
/// `submit`; then it asks `status` for many jobs at once, at a rate that follows `next_poll` and what happens, copies
/// logs by `read_log` while they grow, and artifacts when a run has ended. Where `wait_changes` works, one thread of
/// the host stays in it and asks `status` early for what it names. When everything is kept, `remove` frees the remote
/// side. `abort` may come at any time after `submit` was begun. After a restart of the host the very same calls go on
/// with the stored handles: an executor must not need its memory of an earlier life, and a job that was accepted goes
/// on running.
///
/// Threads: any, up to the manifest's `max_concurrency` at once. Errors are thrown as testarena::Error; `Unavailable`
/// means that the remote could not be reached and that the call may be repeated.
class Executor {
 public:
  virtual ~Executor() = default;

  /// What this executor can do. It must not change what `idempotency` promises while jobs are open.
  virtual ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) = 0;

  /// Accepts a job for running and returns soon; running is asynchronous. Idempotent by `job`: the same content again
  /// returns the same handle and starts nothing; other content under a known id is `Conflict`, and so is an id that was
  /// removed (level c3). `Invalid` or `NotFound` (no such commit): refused, proof that nothing happened and nothing
  /// will. Any other error leaves open whether the job was accepted.
  virtual Submitted submit(const Submission&, Call&) = 0;

  /// The state of each asked job. An unknown job is an answer (`State::unknown`), not an error, and never spoils the
  /// others. Runs that a lister found are told as soon as they are known, all of them at once (`expanded_from`, with
  /// the attempt of the lister's own run), and the lister's own run is then no longer told. An end that was told is
  /// told again for ever, until `remove`.
  virtual StatusAnswer status(const StatusRequest&, Call&) = 0;

  /// Bytes of a log, by offset. A byte that was read never changes. An offset beyond the end is not an error: no data.
  /// `NotFound`: no such job or run.
  virtual LogPart read_log(const LogRequest&, Call&) = 0;

  /// Asks for the end of a job: everything that it started, in whatever process group. The truth comes from `status`:
  /// `aborted`, or the true verdict where that was first. Also of use before `submit` has returned. Repeating it, or
  /// aborting what has ended, is not an error; `NotFound`: no such job.
  virtual None abort(const JobRef&, Call&) = 0;

  /// Frees all that the remote keeps of a job: logs, workspace. A job that has not ended is ended first. A job that is
  /// not known is not an error. A level c3 executor remembers the id, also one it never knew, and refuses it for ever:
  /// so a submission that is still under way when the host gives it up can do no harm.
  virtual None remove(const JobRef&, Call&) = 0;

  virtual Health health(const HealthRequest&, Call&) = 0;

  // Optional operations: each is used only where `capabilities` says so.

  /// Files that a run left to be kept. Only asked for runs that have ended.
  virtual Artifacts list_artifacts(const ArtifactsRequest&, Call&) {
    throw Unsupported("this executor keeps no artifacts");
  }
  virtual LogPart read_artifact(const ArtifactRequest&, Call&) {
    throw Unsupported("this executor keeps no artifacts");
  }

  /// Every job the remote knows, page by page, in any steady order.
  virtual JobList list(const ListRequest&, Call&) { throw Unsupported("this executor cannot list its jobs"); }

  /// Returns as soon as a job changed after `cursor`, or with no job at the timeout. A hint: losing one costs latency
  /// only. Looks at `Call::cancelled` at least every 200 ms.
  virtual Changes wait_changes(const ChangesRequest&, Call&) {
    throw Unsupported("this executor cannot tell of changes");
  }

  /// Asks for the end of one run; the others of its job go on. Otherwise as `abort`; `NotFound`: no such job or run.
  virtual None abort_run(const RunRef&, Call&) { throw Unsupported("this executor ends whole jobs only"); }
};

TA_INTERFACE(Executor, "executor/1", capabilities, submit, status, read_log, abort, remove, health, list_artifacts,
             read_artifact, list, wait_changes, abort_run)

}  // namespace v1
}  // namespace testarena
