// SPDX-License-Identifier: Apache-2.0
// Copies what runs left from an executor into the artifact store.
#pragma once

#include <testarena/executor.h>
#include <testarena/storage.h>

#include "artifact_store.h"
#include "log.h"

namespace testarena::server {

/// Not for several threads at once.
class ArtifactCopier {
 public:
  ArtifactCopier(Executor& executor, LogStore& logs) : executor_(executor), logs_(logs), artifacts_(logs) {}

  /// Copies every artifact of every ended run that is not kept yet. A run whose artifacts the executor refuses to give
  /// is noted in the job's log and left; throws when the executor cannot be reached: calling again goes on.
  void copyAll(const JobRef& ref, const Job& job);

 private:
  void copyRun(const JobRef& ref, const LogId& run);
  void copyFile(const JobRef& ref, const LogId& run, const Artifact& artifact, size_t number);

  Executor& executor_;
  LogStore& logs_;
  ArtifactStore artifacts_;
};

}  // namespace testarena::server
