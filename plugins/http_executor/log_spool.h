// SPDX-License-Identifier: Apache-2.0
// The log of one run as far as it has been fetched, in a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "descriptor.h"

namespace testarena::http_executor {

/// The server's log does not begin with what was read of it before.
class LogChanged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One reading of the whole log, from its first octet: what is here already is compared, what is new is added. So what
/// was read once never changes. Throws Error for what the disk does.
class LogReading {
 public:
  /// Opens the file, or makes it.
  explicit LogReading(const std::filesystem::path& file);

  /// Throws LogChanged.
  void take(std::string_view octets);

  /// All that was here has come again.
  bool hasCaughtUp() const { return position_ >= size_; }
  int64_t size() const { return size_; }

 private:
  const std::filesystem::path file_;
  process::Descriptor descriptor_;
  int64_t position_ = 0;
  int64_t size_ = 0;
};

/// At most `limit` octets from `offset`; empty beyond the end, or if there is no file.
std::string readSpool(const std::filesystem::path& file, int64_t offset, int64_t limit);

/// 0 if there is no file.
int64_t sizeOfSpool(const std::filesystem::path& file);

}  // namespace testarena::http_executor
