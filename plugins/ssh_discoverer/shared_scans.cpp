// SPDX-License-Identifier: Apache-2.0
#include "shared_scans.h"

#include <algorithm>
#include <chrono>

#include <testarena/error.h>

namespace testarena {
namespace {

constexpr std::size_t kMostKept = 64;
constexpr std::chrono::milliseconds kStep{100};

/// True for an end that says something about who asked, not about the commit.
bool isPersonal(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Cancelled&) {
    return true;
  } catch (const DeadlineExceeded&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

Scan SharedScans::get(const std::string& commit, const Call& call, const Scanner& scan) {
  std::unique_lock lock(mutex_);
  for (;;) {
    call.check();
    if (const auto found = kept_.find(commit); found != kept_.end()) return *found->second;
    const auto other = underWay_.find(commit);
    if (other == underWay_.end()) break;
    const std::shared_ptr<Work> work = other->second;
    while (!work->isDone) {
      changed_.wait_for(lock, std::min<std::chrono::milliseconds>(call.remaining(), kStep));
      if (!work->isDone) call.check();
    }
    if (work->scan) return *work->scan;
    if (!isPersonal(work->error)) std::rethrow_exception(work->error);
  }
  const auto work = std::make_shared<Work>();
  underWay_[commit] = work;
  lock.unlock();
  try {
    work->scan = std::make_shared<const Scan>(scan());
  } catch (...) {
    work->error = std::current_exception();
  }
  lock.lock();
  work->isDone = true;
  underWay_.erase(commit);
  if (work->scan) keep(commit, work->scan);
  lock.unlock();
  changed_.notify_all();
  if (work->error) std::rethrow_exception(work->error);
  return *work->scan;
}

void SharedScans::keep(const std::string& commit, std::shared_ptr<const Scan> scan) {
  if (!kept_.emplace(commit, std::move(scan)).second) return;
  oldest_.push_back(commit);
  if (oldest_.size() <= kMostKept) return;
  kept_.erase(oldest_.front());
  oldest_.pop_front();
}

}  // namespace testarena
