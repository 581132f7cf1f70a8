// SPDX-License-Identifier: Apache-2.0
// Parts of files on the machine: logs and artifacts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include <testarena/executor.h>

namespace testarena::ssh_executor {

/// [offset, offset + limit) as the blocks that every dd can skip and count; what is too much at both ends is cut off
/// here.
class FilePart {
 public:
  FilePart(int64_t offset, int64_t limit);

  // The arguments of the script's command, and how long its answer can be.
  std::string firstBlock() const;
  std::string blocks() const;
  std::size_t longestAnswer() const;

  /// Out of the line `=final SIZE` or `=growing`, and the blocks. Nothing behind `most` counts, unless that is 0.
  /// Throws Unavailable: it is another answer.
  LogPart outOf(const std::string& answer, int64_t most, const std::string& machine) const;

 private:
  int64_t count() const;

  int64_t offset_;
  int64_t limit_;
};

/// Whether the text can be the name of an artifact: relative, with no part that leads elsewhere, and nothing in it that
/// cannot be shown.
bool isArtifactName(const std::string& name);

}  // namespace testarena::ssh_executor
