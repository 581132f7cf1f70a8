// SPDX-License-Identifier: Apache-2.0
// Ids of jobs that were removed, and are refused for ever.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_set>

#include "descriptor.h"

namespace testarena::local_executor {

/// One file to which a line is appended for each id. Not for several threads at once.
class Tombstones {
 public:
  /// Reads the file, or makes it. A last line without an end is the rest of an `add` that never returned, and is cut
  /// off. Throws std::system_error.
  explicit Tombstones(std::filesystem::path file);

  bool contains(const std::string& job) const { return jobs_.count(job) > 0; }

  /// Durable when it returns. Adding what is there is nothing. `job` has no line break.
  void add(const std::string& job);

 private:
  std::filesystem::path file_;
  process::Descriptor descriptor_;
  std::unordered_set<std::string> jobs_;
};

}  // namespace testarena::local_executor
