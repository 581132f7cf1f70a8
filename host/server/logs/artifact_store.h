// SPDX-License-Identifier: Apache-2.0
// The files that runs left to be kept.
#pragma once

#include <cstdint>
#include <string>

#include <testarena/executor.h>

#include "log_store.h"

namespace testarena::server {

/// Keeps artifacts beside the logs of their job: the files under numbers, their names in one index that is written
/// last. A name never becomes a path. One writer per run; readers from any thread.
class ArtifactStore {
 public:
  explicit ArtifactStore(const LogStore& logs) : logs_(logs) {}

  /// What is kept of a run; empty while it is not kept whole.
  Artifacts list(const LogId& run) const;
  bool isKept(const LogId& run) const;

  /// Bytes of the `number`-th artifact of `list`. `NotFound` if there is none.
  std::string read(const LogId& run, size_t number, int64_t offset, int64_t limit) const;

  /// How much of the `number`-th file has been received, and more of it.
  int64_t received(const LogId& run, size_t number) const;
  void append(const LogId& run, size_t number, std::string_view bytes);

  /// All files are whole: from now on they are listed.
  void finish(const LogId& run, const Artifacts& artifacts);

 private:
  std::filesystem::path folderOf(const LogId& run) const;

  const LogStore& logs_;
};

}  // namespace testarena::server
