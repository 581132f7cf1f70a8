// SPDX-License-Identifier: Apache-2.0
// What people do with jobs, and who may.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <testarena/storage.h>

#include "actor.h"
#include "clock.h"
#include "environments.h"
#include "job_events.h"
#include "log.h"
#include "log_store.h"

namespace testarena::server {

/// A submission as a person makes it.
struct JobOrder {
  std::string environment;
  std::string branch;
  std::vector<std::string> scenarios;
  std::optional<std::string> commit;  ///< the validated one; unset: what the branch is now
  TA_FIELDS(environment, branch, scenarios, commit)
};

/// The key of a submission came again with another body.
class KeyReused : public Conflict {
 public:
  KeyReused() : Conflict("this Idempotency-Key was used for another submission; use a new key for a new one") {}
};

/// Writes intents; the reconciler does the rest. Threads: any. Errors carry JSON pointers into the order where they
/// can.
class JobService {
 public:
  JobService(Storage& storage, Environments& environments, JobEvents& events, const LogStore& logs, const Clock& clock);

  struct Submitted {
    Job job;
    bool created = false;  ///< false: the key was used for this very order, `job` is from then
  };
  /// Durable when it returns. `Invalid`: unknown scenario, none at all, or one twice. `Conflict`: the branch no longer
  /// holds the commit. KeyReused.
  Submitted submit(const Actor& actor, const JobOrder& order, const std::string& idempotencyKey);

  // The reason of a job that has not ended is what it waits for.

  /// `NotFound`, also for deleted jobs.
  Job get(int64_t id);
  JobPage list(const JobQuery& query);
  /// Differs when `get` and `list` may answer something else though no row has changed.
  uint64_t generation() const { return environments_.generation(); }

  /// Asks for the end. Only the owner and administrators: else `Denied`. On an ended job nothing changes.
  Job abort(const Actor& actor, int64_t id);
  /// Gone here when it returns, on the remote as soon as that answers. Only the owner and administrators.
  void remove(const Actor& actor, int64_t id);

  const LogStore& logs() const { return logs_; }
  Storage& storage() { return storage_; }

 private:
  Job explained(Job job) const;
  Environment& named(const std::string& environment) const;
  std::vector<RunRequest> chosen(const JobOrder& order, const Scan& scan) const;
  IntentAnswer request(const Actor& actor, int64_t id, Intent intent, const char* action, const std::string& reason);

  Storage& storage_;
  Environments& environments_;
  JobEvents& events_;
  const LogStore& logs_;
  const Clock& clock_;
  const Logger log_{"jobs"};
};

}  // namespace testarena::server
