// SPDX-License-Identifier: Apache-2.0
#include "file_time.h"

#include <chrono>
#include <ctime>
#include <thread>

#include "durable.h"

namespace testarena::local_executor {
namespace {

constexpr int kMostTurns = 50;  // of half a millisecond: a clock that was set back is not waited for

int64_t nanoseconds(const struct timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// The clock that file systems read.
int64_t now() {
  struct timespec time = {};
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return nanoseconds(time);
}

}  // namespace

int64_t changedAt(const struct stat& status) {
  return nanoseconds(status.st_ctim);
}

int64_t changedAt(const std::filesystem::path& file) {
  struct stat status = {};
  if (lstat(file.c_str(), &status) != 0) throwErrno("look at", file);
  return changedAt(status);
}

void passTick(const std::filesystem::path& file) {
  const int64_t changed = changedAt(file);
  for (int turns = kMostTurns; turns > 0 && now() <= changed; --turns) {
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

}  // namespace testarena::local_executor
