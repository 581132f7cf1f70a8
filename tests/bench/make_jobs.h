// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace testarena::bench {

struct JobsToMake {
  std::int64_t jobs = 1'000'000;
  std::int64_t runs = 3;     ///< of each job
  std::int64_t users = 500;  ///< user-0 ... ; a third of all jobs is user-0's, as of a nightly build
};

/// Makes the database of sqlite_storage at `folder`/testarena.db, or fills the empty one that is there: in seconds,
/// because it writes past the storage and without its care. The same arguments give the same rows. The newest 100 jobs
/// are open.
void makeJobs(const std::string& folder, const JobsToMake& wanted);

}  // namespace testarena::bench
