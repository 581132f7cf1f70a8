// SPDX-License-Identifier: Apache-2.0
// Makes the work folder of a job.
#pragma once

#include <filesystem>

#include <testarena/call.h>

#include "account.h"
#include "git_repository.h"
#include "job_folder.h"
#include "job_order.h"

namespace testarena::local_executor {

/// Checks the job's commit out into its folder and gives it to the account. The folder is there whole or not at all.
/// Throws testarena::Error (Unavailable: may be tried again) or std::system_error.
void prepareCheckout(git::Repository& repository, const JobOrder& job, const JobFolder& folder,
                     const std::filesystem::path& incoming, const std::optional<Account>& account, const Call& call);

}  // namespace testarena::local_executor
