// SPDX-License-Identifier: Apache-2.0
#include "run_watch.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

extern "C" {  // glibc 2.36 leaves it out
#include <sys/pidfd.h>
}

namespace testarena::local_executor {
namespace {

using namespace std::chrono_literals;

constexpr auto kLogPause = 50ms;        // between two events of one growing log
constexpr auto kLookForStrangers = 1s;  // at supervisors whose process is not known

int64_t sizeOf(const std::filesystem::path& file) {
  struct stat status = {};
  return stat(file.c_str(), &status) == 0 ? status.st_size : 0;
}

}  // namespace

RunWatch::RunWatch()
    : inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!inotify_ || !wake_) throw std::system_error(errno, std::generic_category(), "watch runs");
}

uint64_t RunWatch::add(const RunFolder& folder) {
  Watched run{folder};
  run.folderWatch = inotify_add_watch(inotify_.get(), folder.path().c_str(), IN_MOVED_TO | IN_ONLYDIR);
  if (run.folderWatch < 0) throw std::system_error(errno, std::generic_category(), "watch " + folder.path().string());
  const uint64_t id = ++last_;
  byFolderWatch_[run.folderWatch] = id;
  Watched& kept = runs_.emplace(id, std::move(run)).first->second;
  kept.rearmAt = Clock::now();
  adopt(kept);
  return id;
}

void RunWatch::attach(uint64_t run, Started started) {
  Watched& watched = runs_.at(run);
  watched.child = started.supervisor;
  watched.report = std::move(started.report);
  watched.process = process::Descriptor(pidfd_open(started.supervisor, 0));
}

/// The start mark was written by whoever holds the lock. If the lock is still held when we have the handle, the handle
/// is of that process: its id cannot have been used again.
void RunWatch::adopt(Watched& run) {
  const std::optional<StartMark> mark = run.folder.startMarkIfReadable();
  if (!mark) return;
  process::Descriptor handle(pidfd_open(mark->supervisor, 0));
  try {
    if (handle && run.folder.isSupervised()) run.process = std::move(handle);
  } catch (const std::exception&) {  // tried again at the next turn
  }
}

std::string RunWatch::report(uint64_t run) const {
  std::string said = runs_.at(run).said;
  while (!said.empty() && said.back() == '\n') said.pop_back();
  return said;
}

bool RunWatch::isAbandoned(uint64_t run) {
  Watched& watched = runs_.at(run);
  if (watched.child != 0) {
    // Between its start and its lock only the process itself shows that it is there.
    if (waitpid(watched.child, nullptr, WNOHANG) == 0) return false;
    watched.child = 0;
    readReport(watched);
  }
  if (!watched.folder.isSupervised()) return true;
  watched.process = process::Descriptor();  // somebody else is in charge: whoever was first in an earlier life
  return false;
}

void RunWatch::drop(uint64_t run) {
  const auto found = runs_.find(run);
  if (found == runs_.end()) return;
  const Watched& watched = found->second;
  byFolderWatch_.erase(watched.folderWatch);
  inotify_rm_watch(inotify_.get(), watched.folderWatch);
  if (watched.logWatch >= 0) {
    byLogWatch_.erase(watched.logWatch);
    inotify_rm_watch(inotify_.get(), watched.logWatch);
  }
  if (watched.child != 0) children_.push_back(watched.child);
  runs_.erase(found);
  reap();
}

void RunWatch::wake() const {
  const uint64_t one = 1;
  if (write(wake_.get(), &one, sizeof one) < 0) return;  // full: it is awake already
}

std::vector<RunWatch::Event> RunWatch::wait(std::chrono::milliseconds timeout) {
  std::vector<struct pollfd> files = {{inotify_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
  std::vector<uint64_t> owners;
  for (const auto& [id, run] : runs_) {
    files.push_back({run.process ? run.process.get() : -1, POLLIN, 0});
    files.push_back({run.report ? run.report.get() : -1, POLLIN, 0});
    owners.push_back(id);
  }
  poll(files.data(), files.size(), lookAgain_.empty() ? timeoutUntil(Clock::now() + timeout) : 0);

  std::vector<Event> events;
  for (const uint64_t run : std::exchange(lookAgain_, {})) events.push_back({Event::Kind::look, run});
  uint64_t count = 0;
  while (read(wake_.get(), &count, sizeof count) > 0) {
  }
  readInotify(events);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    Watched& run = runs_.at(owners[i]);
    if (files[2 + 2 * i + 1].revents != 0) readReport(run);
    if (files[2 + 2 * i].revents != 0) events.push_back({Event::Kind::look, owners[i]});
    if (!run.process) {
      adopt(run);
      events.push_back({Event::Kind::look, owners[i]});
    }
  }
  rearmLogs(events);
  reap();
  return events;
}

int RunWatch::timeoutUntil(Clock::time_point end) const {
  for (const auto& [id, run] : runs_) {
    if (run.rearmAt) end = std::min(end, *run.rearmAt);
    if (!run.process) end = std::min(end, Clock::now() + kLookForStrangers);
  }
  if (!children_.empty()) end = std::min(end, Clock::now() + kLookForStrangers);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
}

void RunWatch::readInotify(std::vector<Event>& events) {
  alignas(struct inotify_event) char buffer[16 * 1024];
  for (ssize_t size = 0; (size = read(inotify_.get(), buffer, sizeof buffer)) > 0;) {
    for (const char* at = buffer; at < buffer + size;) {
      const auto* event = reinterpret_cast<const struct inotify_event*>(at);
      at += sizeof *event + event->len;
      if ((event->mask & IN_Q_OVERFLOW) != 0) {
        for (const auto& [id, run] : runs_) events.push_back({Event::Kind::look, id});
      } else if (const auto folder = byFolderWatch_.find(event->wd); folder != byFolderWatch_.end()) {
        events.push_back({Event::Kind::look, folder->second});
      } else if (const auto log = byLogWatch_.find(event->wd);
                 log != byLogWatch_.end() && (event->mask & IN_MODIFY) != 0) {
        // It has fired and is gone; a new one is set after a pause, so that a run that floods its log costs little.
        Watched& run = runs_.at(log->second);
        run.logWatch = -1;
        run.logSize = sizeOf(run.folder.log());
        run.rearmAt = Clock::now() + kLogPause;
        events.push_back({Event::Kind::grew, log->second});
        byLogWatch_.erase(log);
      }
    }
  }
}

void RunWatch::readReport(Watched& run) {
  if (!run.report) return;
  char buffer[4096];
  for (;;) {
    const ssize_t count = read(run.report.get(), buffer, sizeof buffer);
    if (count < 0) return;
    if (count == 0) {
      run.report = process::Descriptor();
      return;
    }
    if (run.said.size() < sizeof buffer) run.said.append(buffer, static_cast<std::size_t>(count));
  }
}

void RunWatch::watchLog(Watched& run) {
  run.logWatch = inotify_add_watch(inotify_.get(), run.folder.log().c_str(), IN_MODIFY | IN_ONESHOT);
}

void RunWatch::rearmLogs(std::vector<Event>& events) {
  const Clock::time_point now = Clock::now();
  for (auto& [id, run] : runs_) {
    if (!run.rearmAt || *run.rearmAt > now) continue;
    run.rearmAt.reset();
    watchLog(run);
    if (run.logWatch >= 0) byLogWatch_[run.logWatch] = id;
    // What was written while nothing watched.
    const int64_t size = sizeOf(run.folder.log());
    if (size == run.logSize) continue;
    run.logSize = size;
    events.push_back({Event::Kind::grew, id});
  }
}

void RunWatch::reap() {
  const auto isGone = [](pid_t child) { return waitpid(child, nullptr, WNOHANG) != 0; };
  children_.erase(std::remove_if(children_.begin(), children_.end(), isGone), children_.end());
}

}  // namespace testarena::local_executor
