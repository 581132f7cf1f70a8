/* SPDX-License-Identifier: Apache-2.0
 *
 * For LD_PRELOAD: kills its process right before the n-th call by which something of it could be seen from outside.
 * CRASH_POINT names a file with one 64-bit integer, how many calls are left; it is shared, so that whoever kills writes
 * it while the process runs. 0 or less: nothing happens. What the process starts has no crash point.
 */
#define _GNU_SOURCE      // NOLINT(bugprone-reserved-identifier): that is its name
#undef _FILE_OFFSET_BITS /* both names of a function are told apart here */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static int64_t* left;

__attribute__((constructor)) static void begin(void) {
  const char* name = getenv("CRASH_POINT");
  unsetenv("LD_PRELOAD");
  if (name == NULL) return;
  int file = open(name, O_RDWR | O_CLOEXEC);
  void* mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *left, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) abort(); /* a kill that never comes would prove nothing */
  close(file);
  left = mapped;
}

static void count(void) {
  if (left == NULL || __atomic_load_n(left, __ATOMIC_RELAXED) <= 0) return;
  if (__atomic_sub_fetch(left, 1, __ATOMIC_SEQ_CST) == 0) kill(getpid(), SIGKILL);
}

/* FORWARD(result, name, parameters, arguments): the C library's function, counted. */
#define FORWARD(result, name, parameters, arguments)                        \
  result name parameters {                                                  \
    static result(*next) parameters;                                        \
    if (next == NULL) next = (result(*) parameters)dlsym(RTLD_NEXT, #name); \
    count();                                                                \
    return next arguments;                                                  \
  }

FORWARD(ssize_t, write, (int file, const void* data, size_t size), (file, data, size))
FORWARD(ssize_t, writev, (int file, const struct iovec* parts, int parts_count), (file, parts, parts_count))
FORWARD(ssize_t, pwrite, (int file, const void* data, size_t size, off_t at), (file, data, size, at))
FORWARD(ssize_t, pwrite64, (int file, const void* data, size_t size, off64_t at), (file, data, size, at))
FORWARD(ssize_t, send, (int socket, const void* data, size_t size, int flags), (socket, data, size, flags))
FORWARD(ssize_t, sendto,
        (int socket, const void* data, size_t size, int flags, const struct sockaddr* to, socklen_t to_size),
        (socket, data, size, flags, to, to_size))
FORWARD(ssize_t, sendmsg, (int socket, const struct msghdr* message, int flags), (socket, message, flags))
FORWARD(int, fsync, (int file), (file))
FORWARD(int, fdatasync, (int file), (file))
FORWARD(int, ftruncate, (int file, off_t size), (file, size))
FORWARD(int, ftruncate64, (int file, off64_t size), (file, size))
FORWARD(int, rename, (const char* from, const char* to), (from, to))
FORWARD(int, unlink, (const char* name), (name))
FORWARD(int, unlinkat, (int folder, const char* name, int flags), (folder, name, flags))
FORWARD(int, mkdir, (const char* name, mode_t mode), (name, mode))
FORWARD(int, connect, (int socket, const struct sockaddr* to, socklen_t size), (socket, to, size))
