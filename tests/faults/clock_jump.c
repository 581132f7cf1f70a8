/* SPDX-License-Identifier: Apache-2.0
 *
 * For LD_PRELOAD: the time of day is so many seconds off as the file CLOCK_JUMP says, a 64-bit integer that is shared
 * with whoever changes it while the process runs. Clocks that only count are right, as on a machine whose time of day
 * somebody sets.
 */
#define _GNU_SOURCE  // NOLINT(bugprone-reserved-identifier): that is its name
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t* seconds;

__attribute__((constructor)) static void begin(void) {
  const char* name = getenv("CLOCK_JUMP");
  if (name == NULL) return;
  int file = open(name, O_RDWR | O_CLOEXEC);
  void* mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *seconds, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) abort();
  close(file);
  seconds = mapped;
}

static time_t offset(void) {
  return seconds == NULL ? 0 : (time_t)__atomic_load_n(seconds, __ATOMIC_RELAXED);
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  static int (*next)(clockid_t, struct timespec*);
  if (next == NULL) next = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const int result = next(clock, now);
  if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec += offset();
  return result;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  static int (*next)(struct timeval*, void*);
  if (next == NULL) next = (int (*)(struct timeval*, void*))dlsym(RTLD_NEXT, "gettimeofday");
  const int result = next(now, zone);
  if (result == 0) now->tv_sec += offset();
  return result;
}

time_t time(time_t* now) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now != NULL) *now = exact.tv_sec;
  return exact.tv_sec;
}
