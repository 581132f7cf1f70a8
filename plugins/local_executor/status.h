// SPDX-License-Identifier: Apache-2.0
// Jobs as the host is told of them.
#pragma once

#include <string>

#include <testarena/executor.h>

#include "job.h"
#include "job_table.h"

namespace testarena::local_executor {

/// To be called under the table's lock; without the sizes of logs that grow.
JobStatus statusOf(const Job& job);
JobStatus unknownJob(const std::string& job);

/// Asks the disk for the sizes of logs that grow. Not under the lock.
void addLogSizes(JobStatus& status, const JobTable& jobs);

/// Adds what the job takes and waits for.
void countSlots(const Job& job, Health& health);

}  // namespace testarena::local_executor
