// SPDX-License-Identifier: Apache-2.0
#include "job_table.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>

#include <testarena/error.h>

#include "durable.h"
#include "load_job.h"
#include "remove_tree.h"

namespace testarena::local_executor {
namespace {

namespace fs = std::filesystem;

/// Passable for the account that scenarios run under, readable for nobody else. The server's umask may say less, and
/// the account could not reach its work folder then.
void makeFolder(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0711) != 0 && errno != EEXIST) throwErrno("create", folder);
  if (chmod(folder.c_str(), 0711) != 0) throwErrno("change the mode of", folder);
}

process::Descriptor takeLock(const fs::path& file) {
  process::Descriptor descriptor(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!descriptor) throwErrno("open", file);
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  // A child of a killed server that has not come to its exec yet holds the lock for a moment longer.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (fcntl(descriptor.get(), F_OFD_SETLK, &lock) != 0) {
    if (std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      continue;
    }
    throw Unavailable("another process serves this environment: it holds the lock on " + file.string());
  }
  return descriptor;
}

/// A git that a killed server has left may be writing into it for a moment longer.
void emptyFolder(const fs::path& folder) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  for (;;) {
    try {
      return removeTree(folder);
    } catch (const std::system_error&) {
      if (std::chrono::steady_clock::now() >= until) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

bool isMissing(const std::system_error& error) {
  return error.code() == std::errc::no_such_file_or_directory || error.code() == std::errc::not_a_directory;
}

Conflict removedBefore(const std::string& job) {
  return Conflict("job " + job + " was removed here, and its id is not used again");
}

}  // namespace

JobTable::JobTable(fs::path root, const std::function<void(const std::string&)>& problem)
    : root_(std::move(root)), incoming_(root_ / "incoming"), folder_(root_ / "jobs") {
  fs::create_directories(root_.parent_path());
  makeFolder(root_);
  lock_ = takeLock(root_ / "lock");
  makeFolder(folder_);
  emptyFolder(incoming_);
  makeFolder(incoming_);
  chmod(incoming_.c_str(), 0700);  // what lies in here is not ready for anybody else
  syncFolder(root_);
  removed_.emplace(root_ / "removed");
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    try {
      const JobFolder files(entry.path());
      if (removed_->contains(entry.path().filename()) && !fs::exists(files.order())) {
        // An earlier life was killed while it removed the files, which begins when nothing of the job runs any more.
        emptyFolder(files.path());
        continue;
      }
      const std::shared_ptr<Job> job = loadJob(files);
      job->removalAsked = removed_->contains(job->id());
      lastSequence_ = std::max(lastSequence_, job->order().sequence);
      // An earlier life may have been killed between the two.
      if (job->removalAsked && !job->abortAsked) writeDurably(job->folder().abortMark(), "");
      jobs_.emplace(job->id(), job);
    } catch (const std::system_error& error) {
      // The machine's trouble and not the job's, such as no descriptors left: all is tried again with the next call,
      // since a job that is there must not be called unknown.
      if (!isMissing(error)) throw;
      problem("job " + entry.path().filename().string() + " is not whole and is left alone: " + error.what());
    } catch (const std::exception& error) {
      problem("job " + entry.path().filename().string() + " cannot be read and is left alone: " + error.what());
    }
  }
}

const Job* JobTable::visible(const std::string& job) const {
  const auto found = jobs_.find(job);
  return found == jobs_.end() || found->second->removalAsked ? nullptr : found->second.get();
}

bool JobTable::isKnown(const Submission& submission) const {
  const std::lock_guard lock(mutex_);
  return isKnownLocked(submission);
}

bool JobTable::isKnownLocked(const Submission& submission) const {
  if (removed_->contains(submission.job)) throw removedBefore(submission.job);
  const auto found = jobs_.find(submission.job);
  if (found == jobs_.end()) return false;
  if (found->second->order().submission == submission) return true;
  throw Conflict("job " + submission.job + " is known here with another content");
}

fs::path JobTable::writeDraft(const JobOrder& order) {
  int64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++drafts_;
  }
  const fs::path draft = incoming_ / ("job-" + std::to_string(number));
  makeFolder(draft);
  const JobFolder folder(draft);
  makeFolder(folder.runs());
  writeDurably(folder.order(), toNotes(order).render());
  return draft;
}

bool JobTable::add(JobOrder order) {
  {
    const std::lock_guard lock(mutex_);
    order.sequence = ++lastSequence_;
  }
  const std::string id = order.submission.job;
  const fs::path draft = writeDraft(order);
  const fs::path place = folder_ / id;
  {
    const std::lock_guard lock(mutex_);
    bool known = true;
    try {
      known = isKnownLocked(order.submission);
    } catch (const Conflict&) {
      removeTree(draft);
      throw;
    }
    if (known) {
      removeTree(draft);
      return false;
    }
    // Under the lock, so that of two that come at once the second sees the first.
    if (rename(draft.c_str(), place.c_str()) != 0) throwErrno("create", place);
    syncFolder(folder_);
    jobs_.emplace(id, std::make_shared<Job>(std::move(order), JobFolder(place)));
  }
  changes_.changed(id);
  wake_();
  return true;
}

void JobTable::abort(const std::string& job) {
  const std::lock_guard marking(marking_);
  std::shared_ptr<Job> found;
  {
    const std::lock_guard lock(mutex_);
    if (visible(job) == nullptr) throw NotFound("there is no job " + job);
    found = jobs_.at(job);
    if (found->hasEnded() || found->abortAsked) return;
  }
  writeDurably(found->folder().abortMark(), "");
  {
    const std::lock_guard lock(mutex_);
    found->abortAsked = true;
  }
  changes_.changed(job);
  wake_();
}

void JobTable::abortRun(const std::string& job, const std::string& scenario, int64_t attempt) {
  const std::lock_guard marking(marking_);
  std::shared_ptr<Job> found;
  std::string folder;
  {
    const std::lock_guard lock(mutex_);
    if (visible(job) == nullptr) throw NotFound("there is no job " + job);
    found = jobs_.at(job);
    const Run* run = found->find(scenario, attempt);
    if (run == nullptr) {
      throw NotFound("job " + job + " has no run of '" + scenario + "' with attempt " + std::to_string(attempt));
    }
    if (testarena::hasEnded(found->stateOf(*run)) || run->abortAsked) return;
    folder = run->folder;
  }
  // Before it is marked in memory: a run that begins meanwhile is begun by a supervisor that looks for the file first.
  writeDurably(found->folder().abortMark(folder), "");
  {
    const std::lock_guard lock(mutex_);
    found->abortRun(*found->find(folder));
  }
  changes_.changed(job);
  wake_();
}

/// False if there is nothing to be removed.
bool JobTable::askForRemoval(const std::string& job) {
  const std::lock_guard marking(marking_);
  std::shared_ptr<Job> found;
  bool isMarked = false;
  {
    const std::lock_guard lock(mutex_);
    removed_->add(job);
    const auto at = jobs_.find(job);
    if (at == jobs_.end()) return false;
    found = at->second;
    isMarked = found->abortAsked || found->removalAsked;
  }
  if (!isMarked) writeDurably(found->folder().abortMark(), "");
  const std::lock_guard lock(mutex_);
  found->removalAsked = true;  // from now on its files may go at any moment
  return true;
}

bool JobTable::remove(const std::string& job, const Call& call) {
  if (!askForRemoval(job)) return true;
  changes_.changed(job);
  wake_();
  std::unique_lock lock(mutex_);
  while (jobs_.count(job) > 0 && !call.cancelled()) {
    forgotten_.wait_for(lock, std::min(call.remaining(), std::chrono::milliseconds(100)));
  }
  return jobs_.count(job) == 0;
}

void JobTable::forget(const std::string& job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.erase(job);
  }
  forgotten_.notify_all();
  changes_.changed(job);
}

}  // namespace testarena::local_executor
