// SPDX-License-Identifier: Apache-2.0
#include "artifact_copier.h"

#include <algorithm>

#include "trace.h"

namespace testarena::server {
namespace {
constexpr auto kCallLimit = std::chrono::seconds(30);
constexpr int64_t kPart = 1 << 20;
constexpr int64_t kMostBytes = int64_t{4} << 30;  // of one run, as the local executor keeps
constexpr size_t kMostFiles = 10'000;
}  // namespace

void ArtifactCopier::copyAll(const JobRef& ref, const Job& job) {
  for (const auto& run : job.runs) {
    const LogId id{job.row.id, run.scenario, run.attempt};
    if (!run.started_at || artifacts_.isKept(id)) continue;
    try {
      copyRun(ref, id);
    } catch (const NotFound& error) {
      logs_.note(job.row.id, "the artifacts of " + run.scenario + " could not be kept: " + error.what());
    } catch (const Invalid& error) {
      logs_.note(job.row.id, "the artifacts of " + run.scenario + " could not be kept: " + error.what());
    }
  }
}

void ArtifactCopier::copyRun(const JobRef& ref, const LogId& run) {
  auto call = callWithin(kCallLimit);
  auto listed = executor_.list_artifacts({ref.job, ref.handle, run.scenario, run.attempt}, call);
  int64_t total = 0;
  for (const Artifact& artifact : listed.artifacts) {
    if (artifact.size < 0 || artifact.size > kMostBytes - total) throw Invalid("they are larger than 4 GiB in all");
    total += artifact.size;
  }
  if (listed.artifacts.size() > kMostFiles) throw Invalid("there are more than 10000 files");
  for (size_t i = 0; i < listed.artifacts.size(); ++i) {
    copyFile(ref, run, listed.artifacts[i], i);
    listed.artifacts[i].size = artifacts_.received(run, i);
  }
  artifacts_.finish(run, listed);
}

void ArtifactCopier::copyFile(const JobRef& ref, const LogId& run, const Artifact& artifact, size_t number) {
  // No more than was listed, however long the remote goes on.
  for (bool complete = false; !complete;) {
    const auto offset = artifacts_.received(run, number);
    const auto limit = std::min(kPart, artifact.size - offset);
    if (limit <= 0) break;
    auto call = callWithin(kCallLimit);
    const auto part =
        executor_.read_artifact({ref.job, ref.handle, run.scenario, run.attempt, artifact.name, offset, limit}, call);
    artifacts_.append(run, number, part.data.view().substr(0, static_cast<size_t>(limit)));
    complete = part.complete || part.data.empty();
  }
}

}  // namespace testarena::server
