// SPDX-License-Identifier: Apache-2.0
#include "starter.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "ctest_lister.h"
#include "durable.h"

namespace testarena::local_executor {
namespace {

using process::Descriptor;
using process::Pipe;

std::string inherited(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return std::string(name) + "=" + (value != nullptr && *value != '\0' ? value : otherwise);
}

void makeFolder(const std::filesystem::path& folder, mode_t mode) {
  if (mkdir(folder.c_str(), mode) != 0 && errno != EEXIST) throwErrno("create", folder);
  if (chmod(folder.c_str(), mode) != 0) throwErrno("change the mode of", folder);  // whatever the server's umask
}

/// posix_spawn and not fork: the server has threads, and a copy of it would have their locks without them.
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
    // A session of its own: no signal for the server's terminal or group reaches it.
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  }
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  int spawn(const std::filesystem::path& program, const std::string& argument, int report, pid_t& child) {
    posix_spawn_file_actions_adddup2(&actions_, report, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    char* arguments[] = {const_cast<char*>(program.c_str()), const_cast<char*>(argument.c_str()), nullptr};
    char* variables[] = {nullptr};
    return posix_spawn(&child, program.c_str(), &actions_, &attributes_, arguments, variables);
  }

 private:
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
};

}  // namespace

void Starter::prepare(const RunFolder& folder, const RunOrder& order) const {
  makeFolder(folder.path(), 0711);  // the account of the run passes through to `output`
  makeFolder(folder.output(), 0700);
  if (account_ && chown(folder.output().c_str(), account_->user, account_->group) != 0) {
    throwErrno("give away", folder.output());
  }
  const Descriptor log(open(folder.log().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!log) throwErrno("create", folder.log());
  folder.writeOrder(order);
  syncFolder(folder.path().parent_path());
}

Started Starter::start(const RunFolder& folder) const {
  Pipe pipe = Pipe::make();
  if (!pipe.reading) throw std::system_error(errno, std::generic_category(), "make a pipe");
  Started started;
  const int error = SpawnPlan().spawn(supervisor_, folder.path().string(), pipe.writing.get(), started.supervisor);
  if (error != 0) throw std::system_error(error, std::generic_category(), "start " + supervisor_.string());
  started.report = std::move(pipe.reading);
  return started;
}

RunOrder Starter::common(const JobOrder& job, const JobFolder& folder, const RunFolder& run) const {
  RunOrder order;
  order.folder = folder.checkout().string();
  order.account = account_ ? account_->name : std::string();
  order.abort_mark = folder.abortMark().string();
  order.output_limit = limits_.output_limit;
  order.process_limit = limits_.process_limit;
  const bool isRoot = account_ ? account_->user == 0 : geteuid() == 0;  // for whom the kernel does not count
  if (!isRoot) order.account_process_limit = limits_.process_limit * limits_.slots;
  order.grace_ms = limits_.abort_grace.count();
  order.environment = {inherited("PATH", "/usr/local/bin:/usr/bin:/bin"), inherited("LANG", "C.UTF-8"),
                       "HOME=" + order.folder, "TESTARENA_JOB=" + job.submission.job,
                       "TESTARENA_OUTPUT=" + run.output().string()};
  return order;
}

RunOrder Starter::orderForSetup(const JobOrder& job, const JobFolder& folder) const {
  RunOrder order = common(job, folder, folder.setup());
  order.command = job.setup;
  order.time_limit_ms = job.setup_timeout_s > 0 ? job.setup_timeout_s * 1000 : limits_.setup_time_limit.count();
  return order;
}

RunOrder Starter::orderForRun(const JobOrder& job, const JobFolder& folder, const Run& run) const {
  RunOrder order = common(job, folder, folder.run(run.folder));
  order.run_abort_mark = folder.abortMark(run.folder).string();
  if (run.plan.lister.empty()) {
    order.command = run.plan.command;
  } else {
    // The list is what stands on standard output alone; what ctest says beside it is kept for the reason.
    order.command = {"sh", "-c", "exec \"$@\" 2>\"$TESTARENA_OUTPUT/errors\"", "sh"};
    for (std::string& word : manifest::ctestListCommand(run.plan.build_dir)) order.command.push_back(std::move(word));
  }
  order.time_limit_ms = run.plan.timeout_s > 0 ? run.plan.timeout_s * 1000 : limits_.time_limit.count();
  order.environment.push_back("TESTARENA_SCENARIO=" + run.plan.request.scenario);
  order.environment.push_back("TESTARENA_ATTEMPT=" + std::to_string(run.plan.request.attempt));
  return order;
}

}  // namespace testarena::local_executor
