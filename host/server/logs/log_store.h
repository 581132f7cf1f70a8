// SPDX-License-Identifier: Apache-2.0
// The logs of all jobs, as files of the data folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace testarena::server {

/// Names one log. An empty scenario means the job's own log: setup's output and the server's notes.
struct LogId {
  int64_t job = 0;
  std::string scenario;
  int64_t attempt = 1;
};

/// Keeps logs byte for byte. A run's log is exactly what its process wrote. The job's own log is made of three parts,
/// so that a prefix that was read never changes though the server adds lines of its own: notes from before the remote's
/// first byte, the remote's bytes, notes from after its last one.
///
/// File names are made of numbers and hashes only, never of a scenario's name. Threads: any; but one writer per log.
/// Errors: Exhausted (no space), Internal (input/output error), each naming the file.
class LogStore {
 public:
  explicit LogStore(std::filesystem::path folder);

  /// Bytes of the remote that are kept: where the next `append` goes.
  int64_t received(const LogId& log) const;

  /// What readers see, notes included.
  int64_t size(const LogId& log) const;

  /// Adds bytes of the remote. `offset` must be `received(log)`: else Conflict, nothing is written.
  void append(const LogId& log, int64_t offset, std::string_view bytes);

  /// The remote's bytes are whole: makes them safe against loss of power and opens the job's log for closing notes.
  void finish(const LogId& log);

  /// Adds a line of the server's own to a job's log: `time text`. Line breaks in the text become spaces.
  void note(int64_t job, std::string_view text);

  /// Up to `limit` bytes from `offset`; a negative offset counts from the end, one beyond it reads nothing.
  std::string read(const LogId& log, int64_t offset, int64_t limit) const;

  /// Where a log lies or would lie: what else belongs to it is kept beside it.
  std::filesystem::path fileOf(const LogId& log) const;

  /// Forgets a job. Not an error when nothing is there.
  void remove(int64_t job);

 private:
  std::filesystem::path folderOf(int64_t job) const;
  std::filesystem::path ensureFolderOf(int64_t job);

  const std::filesystem::path folder_;
};

}  // namespace testarena::server
