// SPDX-License-Identifier: Apache-2.0
#include "write_queue.h"

#include <algorithm>
#include <chrono>

namespace testarena::sqlite {
namespace {

// IMMEDIATE: a transaction that begins by reading and writes later can be refused in the middle, and then all is to do
// again.
constexpr sql::Query kBegin{"begin", "BEGIN IMMEDIATE", sql::Path::hot};
constexpr sql::Query kCommit{"commit", "COMMIT", sql::Path::hot};
constexpr sql::Query kRollback{"rollback", "ROLLBACK", sql::Path::hot};
constexpr sql::Query kSavepoint{"savepoint", "SAVEPOINT item", sql::Path::hot};
constexpr sql::Query kUndo{"undo", "ROLLBACK TO item", sql::Path::hot};
constexpr sql::Query kRelease{"release", "RELEASE item", sql::Path::hot};

/// So that no number of an earlier opening comes back in the tags that browsers keep.
std::int64_t firstRevision() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

WriteQueue::WriteQueue(std::unique_ptr<SqliteConnection> connection)
    : connection_(std::move(connection)), dataRevision_(firstRevision()), thread_([this] { serve(); }) {}

WriteQueue::~WriteQueue() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void WriteQueue::write(Call& call, sql::Lists lists, const sql::Database::Work& work) {
  constexpr std::chrono::milliseconds kLook{200};
  call.check();
  Item item{work, lists, {}, false, {}};
  std::unique_lock<std::mutex> lock(mutex_);
  waiting_.push_back(&item);
  arrived_.notify_one();
  while (!item.changed.wait_for(lock, kLook, [&] { return item.done; })) {
    if (call.cancelled() && withdraw(item)) call.check();
  }
  if (item.failure) throwError(item.failure->code, item.failure->message, item.failure->pointer);
}

/// True if the item had not begun; then it never will.
bool WriteQueue::withdraw(Item& item) {
  const auto place = std::find(waiting_.begin(), waiting_.end(), &item);
  if (place == waiting_.end()) return false;
  waiting_.erase(place);
  return true;
}

std::string WriteQueue::trouble() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return trouble_;
}

void WriteQueue::serve() {
  Batch batch;
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    arrived_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    batch.assign(waiting_.begin(), waiting_.end());
    waiting_.clear();
    lock.unlock();
    commitTogether(batch);
    lock.lock();
    for (Item* item : batch) {
      item->done = true;
      item->changed.notify_one();  // under the lock: the item is gone as soon as its caller has seen `done`
    }
  }
}

void WriteQueue::commitTogether(const Batch& batch) {
  if (!begin(batch)) return;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (runIn(*batch[i])) continue;
    // SQLite has undone the whole transaction (no space, no memory). The others did not deserve that.
    Batch others(batch);
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    noteFailure({}, *batch[i]->failure);
    if (!others.empty()) commitTogether(others);
    return;
  }
  try {
    connection_->guarded([&] { connection_->run(kCommit); });
    noteSuccess(batch);
  } catch (...) {
    Failure failure = currentFailure();
    rollback();
    if (failure.code == Code::exhausted && batch.size() > 1) {
      commitEachAlone(batch);  // a small one may still fit
    } else {
      // A disk that failed at the very end may hold the change after the next start, or not.
      if (failure.code != Code::exhausted) failure.message += "; whether the change was written is not known";
      noteFailure(batch, failure);
    }
  }
}

void WriteQueue::commitEachAlone(const Batch& batch) {
  for (Item* item : batch) commitTogether({item});
}

/// Runs one item inside the transaction. False: the transaction is gone.
bool WriteQueue::runIn(Item& item) {
  item.failure.reset();
  try {
    connection_->guarded([&] {
      connection_->run(kSavepoint);
      item.work(*connection_);
      connection_->run(kRelease);
    });
    return true;
  } catch (...) {
    item.failure = currentFailure();
  }
  if (!connection_->inTransaction()) return false;
  try {
    connection_->run(kUndo);
    connection_->run(kRelease);
    return true;
  } catch (...) {
    rollback();
    return false;
  }
}

bool WriteQueue::begin(const Batch& batch) {
  try {
    connection_->guarded([&] { connection_->run(kBegin); });
    return true;
  } catch (...) {
    noteFailure(batch, currentFailure());
    return false;
  }
}

void WriteQueue::rollback() noexcept {
  try {
    if (connection_->inTransaction()) connection_->run(kRollback);
  } catch (...) {  // NOLINT(bugprone-empty-catch): then SQLite undoes it before the next BEGIN can succeed
  }
}

void WriteQueue::noteSuccess(const Batch& batch) {
  const bool listsChanged = std::any_of(batch.begin(), batch.end(), [](const Item* item) {
    return item->lists == sql::Lists::changed && !item->failure;
  });
  if (listsChanged) dataRevision_.fetch_add(1, std::memory_order_release);
  const std::lock_guard<std::mutex> lock(mutex_);
  trouble_.clear();
}

void WriteQueue::noteFailure(const Batch& batch, const Failure& failure) {
  for (Item* item : batch) item->failure = failure;
  const std::lock_guard<std::mutex> lock(mutex_);
  trouble_ = failure.message;
}

/// As values, not as an exception_ptr: the exception then ends in the thread that it was thrown in.
WriteQueue::Failure WriteQueue::currentFailure() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.code(), error.what(), error.pointer()};
  } catch (const std::exception& error) {
    return {Code::internal, error.what(), ""};
  } catch (...) {
    return {Code::internal, "an exception of an unknown type", ""};
  }
}

}  // namespace testarena::sqlite
