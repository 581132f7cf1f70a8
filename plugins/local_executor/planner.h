// SPDX-License-Identifier: Apache-2.0
// From a submission to what is to be done for it, or why it is refused.
#pragma once

#include <filesystem>
#include <vector>

#include <testarena/executor.h>

#include "git_repository.h"
#include "job_order.h"
#include "manifest.h"
#include "scenario_list.h"

namespace testarena::local_executor {

/// Invalid if the text can be no id of a job: [A-Za-z0-9_][A-Za-z0-9._:-]{0,127}.
void checkJobId(const std::string& job);

/// Whether the submission makes sense by itself. Throws Invalid with the pointer of what does not.
void checkSubmission(const Submission& submission);

/// Looks up the commit and its scenarios. `fallback` counts on commits without a .testarena.toml; `jobFolder` is where
/// the job's files are going to be. Throws NotFound (commit, scenario), Invalid (what the commit says about itself),
/// Unavailable (the repository).
JobOrder planJob(const Submission& submission, git::Repository& repository, const manifest::Manifest& fallback,
                 const std::filesystem::path& jobFolder, const Call& call);

/// The same for a commit that has been read. Throws NotFound (scenario) and Invalid.
JobOrder planRuns(const Submission& submission, const manifest::Reading& reading,
                  const std::vector<manifest::SourceFile>& files, const std::filesystem::path& jobFolder);

}  // namespace testarena::local_executor
