// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <testarena/storage.h>

#include "connection.h"
#include "job_filter.h"

namespace testarena::sql {

/// The newest jobs below `below`, at most `limit`, whose id is `q` or whose user's name contains it, without regard to
/// case.
std::vector<JobRow> searchJobs(Connection& connection, const std::string& q, const JobFilter& filter,
                               std::int64_t below, std::int64_t limit);

const std::vector<const Query*>& jobSearchQueries();

}  // namespace testarena::sql
