// SPDX-License-Identifier: Apache-2.0
// Dispatcher: its threads, and which of them does what.
#include "dispatcher.h"

#include <algorithm>

#include <testarena/error.h>

namespace testarena::runner {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int kWorkers = 8;
constexpr milliseconds kChangesLimit = 10s;

}  // namespace

Dispatcher::Dispatcher(QueueTable& table, Executor& executor, const Clock& clock, int64_t slots)
    : table_(table), executor_(executor), clock_(clock), slots_(slots) {}

Dispatcher::~Dispatcher() {
  stop();
}

void Dispatcher::start() {
  threads_.emplace_back([this] { decide(); });
  for (int i = 0; i < kWorkers; ++i) threads_.emplace_back([this] { work(); });
  threads_.emplace_back([this] { followChanges(); });
}

void Dispatcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  workGiven_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Dispatcher::wake() {
  {
    const std::lock_guard lock(mutex_);
    awake_ = true;
  }
  woken_.notify_one();
}

ExecutorCapabilities Dispatcher::capabilities() const {
  const std::lock_guard lock(mutex_);
  return capabilities_.value_or(ExecutorCapabilities{});
}

bool Dispatcher::areCapabilitiesKnown() const {
  const std::lock_guard lock(mutex_);
  return capabilities_.has_value();
}

void Dispatcher::waitForCapabilities(milliseconds limit) {
  std::unique_lock lock(mutex_);
  workGiven_.wait_for(lock, limit, [this] { return stopping_ || capabilities_; });
}

Call Dispatcher::call(milliseconds limit) const {
  return Call(limit, currentTrace(), [this] { return stopping_.load(); });
}

// The thread that decides.

void Dispatcher::decide() {
  while (!stopping_) {
    learnCapabilities();
    poll();
    const Steady next = giveOutWork();
    std::unique_lock lock(mutex_);
    const auto pause = std::clamp<milliseconds>(
        std::chrono::ceil<milliseconds>(std::min(next, nextPoll_) - clock_.steady()), 0ms, kIdle);
    woken_.wait_for(lock, pause, [this] { return awake_ || stopping_; });
    awake_ = false;
  }
}

/// Asked again until it has answered: nothing is sent before it is known what a lost answer means.
void Dispatcher::learnCapabilities() {
  {
    const std::lock_guard lock(mutex_);
    if (capabilities_) return;
  }
  std::optional<ExecutorCapabilities> learned;
  try {
    Call limit = call(kCallLimit);
    learned = executor_.capabilities({}, limit);
  } catch (const std::exception& error) {
    if (!stopping_) log_.warning("the executor does not say what it can do, asked again: {}", error.what());
  }
  std::unique_lock lock(mutex_);
  if (learned) {
    capabilities_ = learned;
    workGiven_.notify_all();
  } else {
    workGiven_.wait_for(lock, 1s, [this] { return stopping_.load(); });
    awake_ = true;
  }
}

/// True if something is to be done for it that needs no free slot.
bool Dispatcher::isDue(const Queue& queue, const Pace& pace) const {
  const Progress& progress = queue.progress;
  if (progress.removal_asked || progress.phase == Phase::sending) return true;
  if (progress.phase != Phase::accepted) return false;
  if (progress.abort_asked) return !pace.abortSent;
  return std::any_of(progress.aborted_tasks.begin(), progress.aborted_tasks.end(), [&](int64_t index) {
    const auto& leftOut = progress.left_out;
    return pace.abortedTasks.count(index) == 0 && std::find(leftOut.begin(), leftOut.end(), index) == leftOut.end();
  });
}

/// Answers when to look again though nothing has happened.
Dispatcher::Steady Dispatcher::giveOutWork() {
  std::vector<std::pair<Turn, std::string>> waiting;
  std::vector<std::string> due;
  int64_t used = 0;
  const Steady now = clock_.steady();
  Steady next = now + kIdle;
  std::unique_lock lock(mutex_);
  if (!capabilities_) return next;
  std::map<std::string, Pace> paces;  // without those of queues that have ended
  table_.forEachOpen([&](const Queue& queue) {
    const Phase phase = queue.progress.phase;
    const Pace& pace = paces[queue.id()] = std::move(paces_[queue.id()]);
    // One that cannot be sent keeps no slot from the others.
    if (phase == Phase::accepted || (phase == Phase::sending && pace.failures == 0)) used += openTasks(queue);
    if (pace.inHand) {
      if (phase == Phase::waiting) used += openTasks(queue);
      return;
    }
    if (pace.notBefore > now) {
      if (isDue(queue, pace) || phase == Phase::waiting) next = std::min(next, pace.notBefore);
      return;
    }
    if (isDue(queue, pace)) {
      due.push_back(queue.id());
    } else if (waitsForSlot(queue)) {
      waiting.emplace_back(turnOf(queue), queue.id());
    }
  });
  for (auto& [id, pace] : paces_) {
    if (pace.inHand) paces.try_emplace(id, std::move(pace));
  }
  paces_ = std::move(paces);
  // One at a time: how many slots the first one takes is known when it is on its way.
  if (!waiting.empty() && used < slots_) due.push_back(std::min_element(waiting.begin(), waiting.end())->second);
  for (const std::string& id : due) {
    paces_[id].inHand = true;
    due_.push_back(id);
  }
  lock.unlock();
  if (!due.empty()) workGiven_.notify_all();
  return next;
}

// The thread that waits for changes.

void Dispatcher::followChanges() {
  ChangesRequest request;
  request.timeout = kChangesLimit;
  while (!stopping_) {
    {
      std::unique_lock lock(mutex_);
      workGiven_.wait(lock, [this] { return stopping_ || capabilities_; });
      if (stopping_ || !capabilities_->wait_changes) return;
    }
    try {
      Call limit = call(kChangesLimit + 5s);
      const Changes changes = executor_.wait_changes(request, limit);
      request.cursor = changes.cursor;
      if (changes.jobs.empty()) continue;
      const std::lock_guard lock(mutex_);
      look_ = awake_ = true;
      woken_.notify_one();
    } catch (const std::exception& error) {
      if (stopping_) return;
      log_.warning("the executor's changes were not heard: {}", error.what());
      request.cursor.clear();
      std::unique_lock lock(mutex_);
      look_ = awake_ = true;
      woken_.notify_one();
      workGiven_.wait_for(lock, 1s, [this] { return stopping_.load(); });
    }
  }
}

// The workers.

void Dispatcher::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    workGiven_.wait(lock, [this] { return stopping_ || !due_.empty(); });
    if (stopping_) return;
    const std::string id = std::move(due_.front());
    due_.pop_front();
    lock.unlock();
    act(id);
    lock.lock();
    awake_ = true;
    woken_.notify_one();
  }
}

}  // namespace testarena::runner
