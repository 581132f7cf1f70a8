// SPDX-License-Identifier: Apache-2.0
// Pages of jobs, newest first: the question that is asked most often.
#pragma once

#include <testarena/storage.h>

#include "connection.h"

namespace testarena::sql {

JobPage listJobs(Connection& connection, const JobQuery& query);

const std::vector<const Query*>& jobListQueries();

}  // namespace testarena::sql
