// SPDX-License-Identifier: Apache-2.0
// Jobs come into being, are read, and are forgotten. What each does is said at testarena::Storage.
#pragma once

#include <testarena/storage.h>

#include "connection.h"
#include "job_rows.h"

namespace testarena::sql {

CreatedJob createJob(Connection& connection, const NewJob& request);
CreatedJob findSubmission(Connection& connection, const SubmissionRequest& request);
Job getJob(Connection& connection, const JobRequest& request);
Jobs openJobs(Connection& connection, const OpenJobsRequest& request);
void purgeJob(Connection& connection, const JobRequest& request, Time now);

/// The runs of a job in their order.
std::vector<Run> runsOf(Connection& connection, std::int64_t job);

[[noreturn]] void throwNoSuchJob(std::int64_t id);

const std::vector<const Query*>& jobQueries();

}  // namespace testarena::sql
