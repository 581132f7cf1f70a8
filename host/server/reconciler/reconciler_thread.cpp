// SPDX-License-Identifier: Apache-2.0
#include "reconciler_thread.h"

#include <utility>

namespace testarena::server {
namespace {
constexpr auto kWaitForChanges = std::chrono::milliseconds(10'000);
constexpr auto kAfterFailure = std::chrono::milliseconds(1'000);
}  // namespace

ReconcilerThread::ReconcilerThread(Reconciler& reconciler, Executor& executor, std::string environment)
    : reconciler_(reconciler),
      executor_(executor),
      log_("reconciler " + std::move(environment)),
      steps_([this] { stepLoop(); }),
      changes_([this] { changesLoop(); }) {}

ReconcilerThread::~ReconcilerThread() {
  stop();
}

void ReconcilerThread::wake(int64_t job) {
  reconciler_.wake(job);
  poke();
}

void ReconcilerThread::poke() {
  const std::lock_guard lock(mutex_);
  poked_ = true;
  changed_.notify_all();
}

void ReconcilerThread::stop() {
  stopping_ = true;
  poke();
  if (steps_.joinable()) steps_.join();
  if (changes_.joinable()) changes_.join();
}

bool ReconcilerThread::sleepFor(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return stopping_.load(); });
  return !stopping_;
}

void ReconcilerThread::stepLoop() {
  while (!stopping_) {
    const auto due = reconciler_.step();
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, due, [this] { return poked_; });
    poked_ = false;
  }
}

void ReconcilerThread::changesLoop() {
  // The first step asks for the capabilities; until then nobody knows whether the executor can tell of changes.
  auto can = reconciler_.capabilities();
  while (!can) {
    if (!sleepFor(std::chrono::milliseconds(50))) return;
    can = reconciler_.capabilities();
  }
  if (!can->wait_changes) return;

  std::string cursor;
  while (!stopping_) {
    try {
      Call call(kWaitForChanges + std::chrono::seconds(5), "", [this] { return stopping_.load(); });
      auto changes = executor_.wait_changes({cursor, kWaitForChanges}, call);
      cursor = std::move(changes.cursor);
      if (changes.jobs.empty()) continue;
      reconciler_.hint(changes.jobs);
      poke();
    } catch (const Cancelled&) {
      return;
    } catch (const std::exception& error) {
      // Only a hint is lost: polling goes on.
      log_.debug("changes not waited for: {}", error.what());
      cursor.clear();
      // A remote that does not answer at all is probed by the steps, with growing pauses: one who asks is enough.
      do {
        if (!sleepFor(kAfterFailure)) return;
      } while (reconciler_.remote().state == EnvironmentState::unreachable);
    }
  }
}

}  // namespace testarena::server
