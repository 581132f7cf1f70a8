// SPDX-License-Identifier: Apache-2.0
#include "shared_scans.h"

#include <algorithm>
#include <chrono>
#include <exception>

namespace testarena {
namespace {

constexpr std::size_t kMostKept = 64;
constexpr std::chrono::milliseconds kStep{100};

/// True for an end that says something about who asked, not about the commit.
bool isPersonal(Code code) {
  return code == Code::cancelled || code == Code::deadline_exceeded;
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
    if (!isPersonal(work->code)) throwError(work->code, work->message, work->pointer);
  }
  const auto work = std::make_shared<Work>();
  underWay_[commit] = work;
  lock.unlock();
  try {
    work->scan = std::make_shared<const Scan>(scan());
  } catch (const Error& error) {
    work->code = error.code();
    work->message = error.what();
    work->pointer = error.pointer();
  } catch (const std::exception& error) {
    work->code = Code::internal;
    work->message = error.what();
  }
  lock.lock();
  work->isDone = true;
  underWay_.erase(commit);
  if (work->scan) keep(commit, work->scan);
  lock.unlock();
  changed_.notify_all();
  if (!work->scan) throwError(work->code, work->message, work->pointer);
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
