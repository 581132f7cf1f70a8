// SPDX-License-Identifier: Apache-2.0
#include "worker_pool.h"

#include <algorithm>
#include <system_error>

#include "pending_request.h"

namespace testarena::http {
namespace {

/// A handler that took less than this did not wait for anything.
constexpr std::chrono::microseconds kQuick{200};

thread_local WorkerPool* pool_of_this_thread = nullptr;

}  // namespace

WorkerPool::WorkerPool(Options options, std::function<void(Work)> run, Counters& counters)
    : options_(options), run_(std::move(run)), counters_(counters) {}

WorkerPool::~WorkerPool() {
  stop(std::chrono::milliseconds(0));
  std::unique_lock lock(mutex_);
  all_ended_.wait(lock, [&] { return workers_.empty(); });
  for (Worker& worker : ended_) worker.thread.join();
}

void WorkerPool::submit(std::vector<Work>& batch) {
  Workers ended;
  {
    std::unique_lock lock(mutex_);
    std::size_t room = stopping_ ? 0 : options_.max_queued - std::min(options_.max_queued, queue_.size());
    std::size_t taken = std::min(room, batch.size());
    for (std::size_t i = 0; i < taken; ++i) queue_.push_back(std::move(batch[i]));
    batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(taken));
    for (std::size_t i = 0; i < queue_.size() && active() - blocked_ < options_.hot; ++i) {
      std::size_t before = active();
      wakeOne(lock);
      if (active() == before) break;
    }
    counters_.queued.store(queue_.size(), std::memory_order_relaxed);
    ended.swap(ended_);
  }
  for (Worker& worker : ended) worker.thread.join();
}

void WorkerPool::wakeOne(std::unique_lock<std::mutex>&) {
  if (!idle_.empty()) {
    Worker* worker = idle_.back();
    idle_.pop_back();
    worker->woken = true;
    worker->wake.notify_one();
  } else if (workers_.size() < options_.max) {
    auto self = workers_.emplace(workers_.end());
    try {
      self->thread = std::thread([this, self] { runWorker(self); });
    } catch (const std::system_error&) {
      workers_.erase(self);  // No more threads to be had: those there are do the work.
    }
    counters_.workers.store(workers_.size(), std::memory_order_relaxed);
  }
}

void WorkerPool::noticeStall() {
  std::unique_lock lock(mutex_);
  if (taken_ == taken_then_) {
    // Twice as many, not all at once: on a busy machine two threads that merely wait for a processor look the same.
    for (std::size_t i = std::min(queue_.size(), active()); i > 0; --i) wakeOne(lock);
  }
  taken_then_ = taken_;
}

bool WorkerPool::busy() const {
  std::lock_guard lock(mutex_);
  return !queue_.empty();
}

/// Puts the worker to sleep until it is woken. False: it has slept so long that it should end.
bool WorkerPool::sleep(std::unique_lock<std::mutex>& lock, Worker& self) {
  self.woken = false;
  idle_.push_back(&self);
  if (self.wake.wait_for(lock, options_.idle, [&] { return self.woken; })) return true;
  idle_.erase(std::find(idle_.begin(), idle_.end(), &self));
  return workers_.size() <= options_.hot;
}

void WorkerPool::runWorker(Workers::iterator self) {
  pool_of_this_thread = this;
  std::unique_lock lock(mutex_);
  bool rest = false;
  for (;;) {
    if (stopping_ && queue_.empty()) break;
    if (queue_.empty() || rest) {
      rest = false;
      if (!sleep(lock, *self)) break;
      continue;
    }
    Work work = std::move(queue_.front());
    queue_.pop_front();
    ++taken_;
    counters_.queued.store(queue_.size(), std::memory_order_relaxed);
    lock.unlock();
    counters_.workers_busy.fetch_add(1, std::memory_order_relaxed);
    auto begun = std::chrono::steady_clock::now();
    run_(std::move(work));
    bool quick = std::chrono::steady_clock::now() - begun < kQuick;
    counters_.workers_busy.fetch_sub(1, std::memory_order_relaxed);
    lock.lock();
    rest = quick && !stopping_ && active() - blocked_ > options_.hot;
  }
  ended_.splice(ended_.end(), workers_, self);
  counters_.workers.store(workers_.size(), std::memory_order_relaxed);
  all_ended_.notify_all();
}

bool WorkerPool::stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  queue_.clear();
  while (!idle_.empty()) wakeOne(lock);
  return all_ended_.wait_for(lock, patience, [&] { return workers_.empty(); });
}

bool WorkerPool::enterBlocking() {
  WorkerPool* pool = pool_of_this_thread;
  if (pool == nullptr) return false;
  std::unique_lock lock(pool->mutex_);
  ++pool->blocked_;
  if (!pool->queue_.empty() && pool->active() - pool->blocked_ < pool->options_.hot) pool->wakeOne(lock);
  return true;
}

void WorkerPool::leaveBlocking() {
  std::lock_guard lock(pool_of_this_thread->mutex_);
  --pool_of_this_thread->blocked_;
}

}  // namespace testarena::http
