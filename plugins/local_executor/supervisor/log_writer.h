// SPDX-License-Identifier: Apache-2.0
// From the pipe of a process into the log of its run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "descriptor.h"

namespace testarena::local_executor {

/// The process never has the log itself: it could cut it, and a byte that was read must never change.
class LogWriter {
 public:
  /// `limit` 0: none. Throws std::system_error, as all operations do for the log (never for the pipe).
  LogWriter(const std::filesystem::path& file, int64_t limit);

  enum class Copied { some, nothing_now, end };

  /// Takes once what lies in the pipe, at most 256 KiB: a process that writes without end must not hold up the rest.
  Copied copy(int pipe);

  /// True once there was more than the limit; what is beyond it is dropped.
  bool isOverLimit() const { return over_; }
  int64_t size() const { return size_; }

  /// Makes the log durable.
  void sync();

 private:
  process::Descriptor file_;
  std::filesystem::path path_;
  std::unique_ptr<char[]> buffer_;
  int64_t limit_;
  int64_t size_ = 0;
  bool over_ = false;
};

}  // namespace testarena::local_executor
