// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptor.h"

namespace testarena::process {
namespace {

constexpr int kLongestWaitMs = 100;  // between two looks at whether the call was taken back

/// Attributes and file actions of posix_spawn, freed as they should be.
///
/// posix_spawn and not fork: the host has threads, and a fork of it would have their locks without them. glibc's
/// reports what exec did and copies no page tables.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_init(&actions_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  void runIn(const std::string& folder) { posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()); }
  void connect(const Descriptor& from, int to) { posix_spawn_file_actions_adddup2(&actions_, from.get(), to); }

  /// 0 or an errno.
  int spawn(const std::string& path, const Program& program, pid_t& child) {
    // Not every library of the host opens its files with O_CLOEXEC.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    std::vector<char*> argv = pointers(program.argv);
    std::vector<char*> environment = pointers(program.environment);
    return posix_spawn(&child, path.c_str(), &actions_, &attributes_, argv.data(), environment.data());
  }

 private:
  static std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));  // posix_spawn only reads
    result.push_back(nullptr);
    return result;
  }

  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
};

/// posix_spawnp would look into the PATH of the host.
std::string findProgram(const std::string& name, const std::vector<std::string>& environment) {
  if (name.find('/') != std::string::npos) return name;
  constexpr std::string_view kPath = "PATH=";
  for (const std::string& variable : environment) {
    if (variable.compare(0, kPath.size(), kPath) != 0) continue;
    for (std::size_t begin = kPath.size(); begin <= variable.size();) {
      const std::size_t end = std::min(variable.find(':', begin), variable.size());
      const std::string candidate = variable.substr(begin, end - begin) + "/" + name;
      if (candidate[0] == '/' && access(candidate.c_str(), X_OK) == 0) return candidate;
      begin = end + 1;
    }
  }
  return {};
}

/// Standard input as a file in memory: nobody has to feed a pipe, and a program that does not read it causes no
/// SIGPIPE.
Descriptor inputFile(const std::string& input) {
  if (input.empty()) return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)).aboveStandard();
  Descriptor file(memfd_create("input", MFD_CLOEXEC));
  for (std::size_t written = 0; written < input.size();) {
    const ssize_t count = write(file.get(), input.data() + written, input.size() - written);
    if (count < 0) return Descriptor();
    written += static_cast<std::size_t>(count);
  }
  if (lseek(file.get(), 0, SEEK_SET) != 0) return Descriptor();
  return std::move(file).aboveStandard();
}

/// One of the two outputs while the program runs.
struct Stream {
  Descriptor descriptor;  // of the pipe, not blocking; closed at its end
  std::string text = {};
  std::size_t limit;
  bool overflowed = false;  // there was more than `limit`, which is dropped

  /// Takes some of what is there; false if there is nothing now. Some, not all: a program that writes without end must
  /// not hold us here.
  bool read() {
    if (!descriptor) return false;
    char buffer[64 * 1024];
    const ssize_t count = ::read(descriptor.get(), buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return errno == EINTR;
    if (count <= 0) {
      descriptor = Descriptor();
      return false;
    }
    const std::size_t room = limit - text.size();
    text.append(buffer, std::min(room, static_cast<std::size_t>(count)));
    overflowed = overflowed || static_cast<std::size_t>(count) > room;
    return true;
  }

  /// What still lies in the pipe. Bounded, as a process that left the group may go on writing.
  void drain() {
    for (int left = 64; left > 0 && read();) --left;
  }
};

Finished notStarted(const Program& program, const std::string& why) {
  Finished finished;
  finished.reason = (program.argv.empty() ? "a program without a name" : program.argv[0]) + " was not started: " + why;
  return finished;
}

/// Readable when the child has ended. Not by glibc's pidfd_open: that of Debian 12 is declared for C alone.
Descriptor endOf(pid_t child) {
  return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
}

std::string baseName(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

void readEnd(pid_t child, const Program& program, Finished& finished) {
  int status = 0;
  pid_t reaped = 0;
  do {
    reaped = waitpid(child, &status, 0);
  } while (reaped < 0 && errno == EINTR);
  if (finished.ending != Ending::exited) return;  // ended by us
  const std::string name = baseName(program.argv[0]);
  if (reaped < 0) {
    finished.reason = "how " + name + " ended is not known: " + std::strerror(errno);
  } else if (WIFSIGNALED(status)) {
    finished.ending = Ending::signalled;
    finished.signal = WTERMSIG(status);
    finished.reason = name + " was ended by signal " + std::to_string(finished.signal);
  } else {
    finished.exit_code = WEXITSTATUS(status);
    if (finished.exit_code != 0) finished.reason = name + " exited with " + std::to_string(finished.exit_code);
  }
}

int waitMs(const Call& call) {
  return static_cast<int>(std::min<std::chrono::milliseconds::rep>(call.remaining().count(), kLongestWaitMs));
}

/// Reads both outputs until the program has ended or has to be ended.
void follow(const Descriptor& end, Stream& output, Stream& errors, const Program& program, const Call& call,
            Finished& finished) {
  const std::string name = baseName(program.argv[0]);
  for (;;) {
    pollfd polled[] = {
        {end.get(), POLLIN, 0}, {output.descriptor.get(), POLLIN, 0}, {errors.descriptor.get(), POLLIN, 0}};
    if (poll(polled, std::size(polled), waitMs(call)) < 0) polled[0].revents = 0;
    output.read();
    errors.read();
    if (output.overflowed) {
      finished.ending = Ending::too_much_output;
      finished.reason = name + " wrote more than " + std::to_string(program.max_output) + " bytes";
      return;
    }
    if (polled[0].revents != 0) return;
    if (call.cancelled()) {
      const bool late = call.remaining().count() == 0;
      finished.ending = late ? Ending::deadline : Ending::cancelled;
      finished.reason = name + (late ? " was ended: its time was over" : " was ended: nobody waits for it any more");
      return;
    }
  }
}

}  // namespace

Finished run(const Program& program, const Call& call) {
  if (program.argv.empty()) return notStarted(program, "its argv is empty");
  const std::string path = findProgram(program.argv[0], program.environment);
  if (path.empty()) return notStarted(program, "there is no such program in PATH; install it");

  const Descriptor input = inputFile(program.input);
  Pipe output = Pipe::make(), errors = Pipe::make();
  if (!input || !output.reading || !errors.reading) return notStarted(program, std::strerror(errno));

  SpawnPlan plan;
  plan.connect(input, STDIN_FILENO);
  plan.connect(output.writing, STDOUT_FILENO);
  plan.connect(errors.writing, STDERR_FILENO);
  if (!program.folder.empty()) plan.runIn(program.folder);
  pid_t child = 0;
  if (const int error = plan.spawn(path, program, child); error != 0) {
    const std::string where = program.folder.empty() ? "" : " (in " + program.folder + ")";
    return notStarted(program, std::strerror(error) + where);
  }
  output.writing = Descriptor();
  errors.writing = Descriptor();

  Finished finished;
  finished.ending = Ending::exited;
  Stream out{std::move(output.reading), {}, program.max_output};
  Stream err{std::move(errors.reading), {}, program.max_error_output};
  if (const Descriptor end = endOf(child); end) {
    follow(end, out, err, program, call, finished);
  } else {
    finished.ending = Ending::not_started;
    finished.reason = baseName(program.argv[0]) + " was ended, it cannot be watched: " + std::strerror(errno);
  }
  kill(-child, SIGKILL);  // before it is reaped: until then its number, and so that of the group, is nobody else's
  out.drain();
  err.drain();
  readEnd(child, program, finished);
  if (finished.ending == Ending::exited && out.overflowed) {
    finished.ending = Ending::too_much_output;
    finished.reason = baseName(program.argv[0]) + " wrote more than " + std::to_string(program.max_output) + " bytes";
  }
  finished.output = std::move(out.text);
  finished.error_output = std::move(err.text);
  return finished;
}

}  // namespace testarena::process
