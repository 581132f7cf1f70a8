// SPDX-License-Identifier: Apache-2.0
// Files that a run has left to be kept.
#pragma once

#include <string>

#include <testarena/executor.h>

#include "job.h"

namespace testarena::local_executor {

/// To be called under the table's lock. Throws NotFound for what is not known, WrongState for a run that has not ended.
RunFolder folderOfEndedRun(const Job* job, const std::string& scenario, int64_t attempt);

/// All regular files in the run's TESTARENA_OUTPUT and among its kept files, by name; of two with one name, the first.
/// Links are left out.
Artifacts listArtifacts(const RunFolder& folder);

/// Part of one of them. The name is hostile: it leads nowhere but below these folders, through no link. Throws
/// NotFound.
LogPart readArtifact(const RunFolder& folder, const std::string& name, int64_t offset, int64_t limit);

}  // namespace testarena::local_executor
