// SPDX-License-Identifier: Apache-2.0
// What a commit on another machine says about its own tests.
#pragma once

#include <vector>

#include "manifest.h"
#include "remote_repository.h"
#include "scenario_list.h"

namespace testarena::ssh {

struct ReadCommit {
  manifest::Reading reading;
  std::vector<manifest::SourceFile> files;
};

/// Reads the commit in two commands. `fallback` counts where it has no manifest, and `fallback_place` is its name for
/// messages; a manifest that is no readable file is a diagnostic. Throws as RemoteRepository does.
ReadCommit readCommit(RemoteRepository& repository, const std::string& commit, const manifest::Manifest& fallback,
                      std::string_view fallback_place, const Call& call);

}  // namespace testarena::ssh
