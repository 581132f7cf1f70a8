// SPDX-License-Identifier: Apache-2.0
// make_jobs FOLDER [JOBS [RUNS [USERS]]]: fills FOLDER/testarena.db, see make_jobs.h.
#include <cstdlib>
#include <iostream>

#include "make_jobs.h"

int main(int argc, char** argv) {
  if (argc < 2 || argc > 5) {
    std::cerr << "usage: make_jobs FOLDER [JOBS [RUNS [USERS]]]\n";
    return 2;
  }
  testarena::bench::JobsToMake wanted;
  if (argc > 2) wanted.jobs = std::atoll(argv[2]);
  if (argc > 3) wanted.runs = std::atoll(argv[3]);
  if (argc > 4) wanted.users = std::atoll(argv[4]);
  try {
    testarena::bench::makeJobs(argv[1], wanted);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
