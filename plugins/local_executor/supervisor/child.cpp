// SPDX-License-Identifier: Apache-2.0
#include "child.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <optional>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "process_tree.h"

namespace testarena::local_executor {

using process::Descriptor;
using process::Pipe;

namespace {

constexpr int kPipeSize = 256 * 1024;
constexpr rlim_t kOpenFiles = 1024;  // the server has raised its own limit; programs that use select() break on that

enum class Step : int { session, limits, account, folder, command };

/// Sent by the child through a pipe that a successful exec closes.
struct Trouble {
  Step step;
  int error;
};

struct Account {
  std::string name;
  uid_t uid;
  gid_t gid;
};

Account findAccount(const std::string& name) {
  errno = 0;
  const struct passwd* entry = getpwnam(name.c_str());
  if (entry == nullptr) {
    throw StartFailure(StartFailure::Fault::machine,
                       "there is no account " + name + (errno == 0 ? "" : std::string(": ") + std::strerror(errno)));
  }
  return Account{name, entry->pw_uid, entry->pw_gid};
}

/// The limit counts all tasks of the user, those of other runs and of the user's own sessions included: what is there
/// already is added, and what other runs may start is in the order.
rlim_t taskLimit(const RunOrder& order, uid_t user) {
  return static_cast<rlim_t>(order.account_process_limit) + countTasksOf(user);
}

/// From here to the end of runCommand: in the child, between fork and exec.
class Prelude {
 public:
  Prelude(const RunOrder& order, const std::optional<Account>& account, rlim_t tasks, int output, int troubles,
          pid_t supervisor)
      : order_(order),
        account_(account),
        tasks_(tasks),
        output_(output),
        troubles_(troubles),
        supervisor_(supervisor) {}

  [[noreturn]] void runCommand() {
    step_ = Step::session;
    check(setsid() < 0 ? -1 : 0);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    check(nothing);
    check(dup2(nothing, STDIN_FILENO));
    check(dup2(output_, STDOUT_FILENO));
    check(dup2(output_, STDERR_FILENO));
    check(close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC));
    umask(022);

    step_ = Step::limits;
    becomeFirstVictim();
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, kOpenFiles);
    if (order_.account_process_limit > 0) limit(RLIMIT_NPROC, tasks_);

    step_ = Step::account;
    if (account_) {
      check(initgroups(account_->name.c_str(), account_->gid));
      check(setresgid(account_->gid, account_->gid, account_->gid));
      check(setresuid(account_->uid, account_->uid, account_->uid));
    }
    resetSignals();                           // only now: the library changes accounts by a signal of its own
    check(prctl(PR_SET_PDEATHSIG, SIGKILL));  // only now: a change of the account takes the wish back
    if (getppid() != supervisor_) _exit(1);   // it died before: the result is "lost" whatever happens here

    step_ = Step::folder;
    check(chdir(order_.folder.c_str()));

    step_ = Step::command;
    std::vector<char*> variables = pointers(order_.environment);
    std::vector<char*> arguments = pointers(order_.command);
    environ = variables.data();  // the one whose PATH execvp looks through
    check(execvp(arguments[0], arguments.data()));
    _exit(127);
  }

 private:
  /// An ignored signal stays ignored over exec, and so does the mask.
  static void resetSignals() {
    for (int number = 1; number < NSIG; ++number) {
      // By the system call: the library does not let its own two signals be touched, and they may be inherited ignored
      // too.
      constexpr struct {
        void (*handler)(int) = SIG_DFL;
        unsigned long flags = 0;
        void (*restorer)() = nullptr;
        unsigned long mask = 0;
      } kDefault;
      syscall(SYS_rt_sigaction, number, &kDefault, nullptr, sizeof kDefault.mask);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
  }

  /// When memory runs out, the test is to die and not the supervisor or the server. Of no consequence if it fails.
  static void becomeFirstVictim() {
    const Descriptor score(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    if (score && write(score.get(), "500", 3) != 3) return;
  }

  void limit(__rlimit_resource resource, rlim_t wanted) {
    struct rlimit value = {};
    check(getrlimit(resource, &value));
    value.rlim_cur = std::min(wanted, value.rlim_max);
    if (resource != RLIMIT_NOFILE) value.rlim_max = value.rlim_cur;
    check(setrlimit(resource, &value));
  }

  static std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));  // exec only reads
    result.push_back(nullptr);
    return result;
  }

  void check(int answer) {
    if (answer >= 0) return;
    const Trouble trouble{step_, errno};
    if (write(troubles_, &trouble, sizeof trouble) != sizeof trouble) _exit(126);
    _exit(127);
  }

  const RunOrder& order_;
  const std::optional<Account>& account_;
  rlim_t tasks_;
  int output_;
  int troubles_;
  pid_t supervisor_;
  Step step_ = Step::session;
};

StartFailure explain(const Trouble& trouble, const RunOrder& order) {
  using Fault = StartFailure::Fault;
  const std::string why = std::strerror(trouble.error);
  switch (trouble.step) {
    case Step::session:
      return {Fault::machine, "the process could not be set up: " + why};
    case Step::limits:
      return {Fault::machine, "the limits of the process could not be set: " + why};
    case Step::account:
      return {Fault::machine, "the rights of account " + order.account + " could not be taken on: " + why};
    case Step::folder:
      return {Fault::machine, "cannot enter the work folder " + order.folder + ": " + why};
    case Step::command:
      break;
  }
  const bool itself = trouble.error == ENOENT || trouble.error == EACCES || trouble.error == ENOEXEC ||
                      trouble.error == ENOTDIR || trouble.error == EISDIR || trouble.error == ELOOP ||
                      trouble.error == E2BIG || trouble.error == ENAMETOOLONG;
  if (trouble.error == ENOENT) return {Fault::command, "command not found: " + order.command[0]};
  return {itself ? Fault::command : Fault::machine, "cannot run " + order.command[0] + ": " + why};
}

}  // namespace

Child startChild(const RunOrder& order) {
  const auto machineFault = [](const char* what) {
    return StartFailure(StartFailure::Fault::machine, std::string(what) + ": " + std::strerror(errno));
  };
  std::optional<Account> account;
  if (!order.account.empty()) account = findAccount(order.account);
  const rlim_t tasks = order.account_process_limit > 0 ? taskLimit(order, account ? account->uid : getuid()) : 0;
  Pipe output = Pipe::make();
  Pipe troubles = Pipe::make();
  if (!output.reading || !troubles.reading) throw machineFault("no pipe");
  fcntl(output.reading.get(), F_SETPIPE_SZ, kPipeSize);  // fewer turns; smaller will do as well

  const pid_t supervisor = getpid();
  const pid_t pid = fork();
  if (pid < 0) throw machineFault("no process could be made");
  if (pid == 0) Prelude(order, account, tasks, output.writing.get(), troubles.writing.get(), supervisor).runCommand();

  troubles.writing = Descriptor();
  fcntl(troubles.reading.get(), F_SETFL, 0);  // blocking: exec or an exit ends it
  Trouble trouble{};
  ssize_t count = 0;
  do {
    count = read(troubles.reading.get(), &trouble, sizeof trouble);
  } while (count < 0 && errno == EINTR);
  if (count == sizeof trouble) {
    waitpid(pid, nullptr, 0);
    throw explain(trouble, order);
  }
  return Child{pid, std::move(output.reading)};
}

}  // namespace testarena::local_executor
