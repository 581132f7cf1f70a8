// SPDX-License-Identifier: Apache-2.0
// The files of a commit in a folder of their own.
#pragma once

#include <filesystem>
#include <string>

#include <testarena/call.h>

#include "git_command.h"

namespace testarena::git {

/// See Repository::checkout. `source` is the git folder that has the commit.
void checkOut(const GitCommand& git, const std::filesystem::path& source, const std::string& commit,
              const std::filesystem::path& folder, const Call& call);

}  // namespace testarena::git
