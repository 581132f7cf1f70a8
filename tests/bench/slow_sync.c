/* SPDX-License-Identifier: Apache-2.0
 *
 * For LD_PRELOAD: every fsync and fdatasync takes SLOW_SYNC_US microseconds more, as on a disk that really keeps what
 * it has confirmed. Virtual machines' disks often answer at once, and what many writers of one disk share does not show
 * there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_for_the_disk(void) {
  const char* text = getenv("SLOW_SYNC_US");
  if (text != NULL) usleep((useconds_t)atoi(text));
}

int fsync(int file) {
  wait_for_the_disk();
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return next(file);
}

int fdatasync(int file) {
  wait_for_the_disk();
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return next(file);
}
