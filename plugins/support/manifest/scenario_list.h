// SPDX-License-Identifier: Apache-2.0
// From a manifest and the files of a commit to scenarios.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manifest.h"

namespace testarena::manifest {

struct SourceFile {
  std::string path;    ///< any bytes
  std::string digest;  ///< of its content
  bool regular = true;
};

/// Lists the scenarios of a commit: in the order of the tables, those of a glob by path. A file belongs to the first
/// table that matches it. A scenario of a glob is named by its path without the ending. Names that come twice, files
/// that are no regular files and names that are no plain text are left out with a diagnostic. The reading's own come
/// first.
Scan listScenarios(const Reading& reading, const std::vector<SourceFile>& files);

/// The name of a glob's scenario: its path without the ending.
std::string_view scenarioName(std::string_view path);

}  // namespace testarena::manifest
