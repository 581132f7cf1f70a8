// SPDX-License-Identifier: Apache-2.0
#include "supervision.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "durable.h"

namespace testarena::local_executor {
namespace {

using namespace std::chrono_literals;

constexpr auto kCountEvery = 100ms;     // between two looks at how many processes there are
constexpr auto kKillPatience = 10s;     // with processes that do not die of SIGKILL
constexpr auto kRetryFullDisk = 500ms;  // writing the result

int64_t nowMicroseconds() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Supervision::Supervision(RunFolder folder) : folder_(std::move(folder)) {
  lock_ = folder_.takeLock();
  if (!lock_) throw std::runtime_error("the run has a supervisor already: " + folder_.path().string());
  if (folder_.startMark() || folder_.result()) {
    throw std::runtime_error("the run was started before and is not started twice: " + folder_.path().string());
  }
  const std::optional<RunOrder> order = folder_.order();
  if (!order) throw std::runtime_error("there is no order in " + folder_.path().string());
  order_ = *order;

  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT}) sigaddset(&wanted, number);
  signals_ = process::Descriptor(signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!signals_) throw std::system_error(errno, std::generic_category(), "signalfd");
  marks_ = process::Descriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  const std::string marksFolder = std::filesystem::path(order_.abort_mark).parent_path();
  if (!marks_ || inotify_add_watch(marks_.get(), marksFolder.c_str(), IN_CREATE | IN_MOVED_TO) < 0) {
    throw std::system_error(errno, std::generic_category(), "watch " + marksFolder);
  }
  ProcessTree::becomeRoot();
}

/// Unset if nothing was started; the result then says why.
std::optional<Child> Supervision::start() {
  if (abortIsAsked()) {
    result_.ending = Ending::aborted;
    return std::nullopt;
  }
  const int64_t now = nowMicroseconds();
  folder_.writeStartMark({getpid(), now});
  try {
    log_.emplace(folder_.log(), order_.output_limit);
    Child child = startChild(order_);
    result_.started_at_us = now;
    return child;
  } catch (const StartFailure& failure) {
    result_.ending = failure.fault() == StartFailure::Fault::command ? Ending::not_runnable : Ending::machine;
    result_.reason = failure.what();
  } catch (const std::exception& error) {
    result_.ending = Ending::machine;
    result_.reason = error.what();
  }
  return std::nullopt;
}

void Supervision::follow(Child child) {
  tree_.emplace(child.pid);
  if (order_.time_limit_ms > 0) timeIsOver_ = Clock::now() + std::chrono::milliseconds(order_.time_limit_ms);
  if (order_.process_limit > 0) nextCount_ = Clock::now() + kCountEvery;

  for (;;) {
    wait(child.output.get());
    const bool asked = readSignals();
    const bool anyLeft = tree_->reap();
    if (tree_->mainStatus() && !cause_) break;  // first, so that a verdict that is there wins over an abort
    if (cause_ && (!anyLeft || Clock::now() >= killAt_)) break;
    if (asked) end(Ending::machine, "the supervisor was told to end, probably because the machine shuts down");
    if (abortIsAsked()) end(Ending::aborted);
    copyOutput(child.output.get());
    checkLimits();
  }
  result_.finished_at_us = nowMicroseconds();

  // Also after an end by itself: what a test leaves running would disturb the next one.
  const bool allGone = tree_->kill(kKillPatience);
  // A process that could not be killed may hold the pipe open and write on: bounded, and far more than a pipe holds.
  for (int turns = 64; turns > 0 && copyOutput(child.output.get()); --turns) {
  }
  finish();
  if (!allGone) result_.reason = "some of its processes cannot be killed and are still there";
}

void Supervision::wait(int output) const {
  struct pollfd files[] = {
      {signals_.get(), POLLIN, 0}, {marks_.get(), POLLIN, 0}, {outputIsOpen_ ? output : -1, POLLIN, 0}};
  const Clock::time_point until = cause_ ? killAt_ : std::min(timeIsOver_, nextCount_);
  int timeout = -1;
  if (until != Clock::time_point::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    timeout = static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
  }
  poll(files, std::size(files), timeout);
}

/// True if there may be more at once.
bool Supervision::copyOutput(int pipe) {
  if (!outputIsOpen_) return false;
  try {
    const LogWriter::Copied copied = log_->copy(pipe);
    if (copied == LogWriter::Copied::end) outputIsOpen_ = false;
    if (log_->isOverLimit()) end(Ending::output_limit);
    return copied == LogWriter::Copied::some;
  } catch (const std::system_error& error) {
    outputIsOpen_ = false;  // what was written stays a true beginning of the log
    end(Ending::machine, std::string("the log could not be written: ") + error.what());
    return false;
  }
}

/// True if we are to end ourselves.
bool Supervision::readSignals() {
  bool asked = false;
  struct signalfd_siginfo info = {};
  while (read(signals_.get(), &info, sizeof info) == sizeof info) asked = asked || info.ssi_signo != SIGCHLD;
  return asked;
}

bool Supervision::abortIsAsked() const {
  char events[4096];
  while (read(marks_.get(), events, sizeof events) > 0) {
  }
  return access(order_.abort_mark.c_str(), F_OK) == 0 ||
         (!order_.run_abort_mark.empty() && access(order_.run_abort_mark.c_str(), F_OK) == 0);
}

void Supervision::checkLimits() {
  if (cause_) return;
  if (Clock::now() >= timeIsOver_) return end(Ending::time_limit);
  if (Clock::now() < nextCount_) return;
  if (tree_->count() > static_cast<std::size_t>(order_.process_limit)) {
    end(Ending::process_limit);
    killAt_ = Clock::now();  // no grace: it may be doubling
  }
  nextCount_ = Clock::now() + kCountEvery;
}

/// The first cause counts.
void Supervision::end(Ending ending, const std::string& reason) {
  if (cause_) return;
  cause_ = ending;
  causeReason_ = reason;
  tree_->terminate();
  killAt_ = Clock::now() + std::chrono::milliseconds(order_.grace_ms);
}

void Supervision::finish() {
  if (cause_) {
    result_.ending = *cause_;
    result_.reason = causeReason_;
  } else if (const int status = *tree_->mainStatus(); WIFSIGNALED(status)) {
    result_.ending = Ending::signalled;
    result_.signal = WTERMSIG(status);
  } else {
    result_.ending = Ending::exited;
    result_.exit_code = WEXITSTATUS(status);
  }
  result_.log_bytes = log_->size();
}

/// A full disk must not turn a verdict into a loss: the result waits for room, unless somebody wants the run gone.
void Supervision::writeResult() {
  if (result_.finished_at_us == 0) result_.finished_at_us = nowMicroseconds();
  for (;;) {
    try {
      if (log_) log_->sync();
      folder_.writeResult(result_);
      return;
    } catch (const std::system_error& error) {
      const bool full = error.code() == std::errc::no_space_on_device || error.code().value() == EDQUOT;
      if (!full || abortIsAsked()) throw;
    }
    std::this_thread::sleep_for(kRetryFullDisk);
  }
}

}  // namespace testarena::local_executor
