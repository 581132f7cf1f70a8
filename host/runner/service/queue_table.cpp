// SPDX-License-Identifier: Apache-2.0
#include "queue_table.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include <testarena/error.h>

namespace testarena::runner {
namespace {

Conflict deletedBefore(const std::string& id) {
  return Conflict("the id " + id + " was deleted here, and is not used again");
}

NotFound unknown(const std::string& id) {
  return NotFound("there is no queue or task " + id);
}

/// Ended by the runner alone: the executor has not heard of it, and never will.
void endUnsent(Queue& queue) {
  JobStatus status = statusOf(queue);
  status.state = State::aborted;
  status.reason.clear();
  for (RunStatus& run : status.runs) run.state = State::aborted;
  queue.progress.status = std::move(status);
  queue.progress.phase = Phase::ended;
}

}  // namespace

QueueTable::QueueTable(QueueStore& store, const Clock& clock) : store_(store), clock_(clock) {
  removed_ = store_.removedIds();
  for (Queue& queue : store_.queues()) {
    lastSequence_ = std::max(lastSequence_, queue.accepted.sequence);
    lastCreated_ = std::max(lastCreated_, queue.accepted.created_at);
    put(std::move(queue));
  }
}

/// With mutex_ held, or before there are threads.
void QueueTable::put(Queue queue) {
  const std::string id = queue.id();
  bySequence_[queue.accepted.sequence] = id;
  if (queue.progress.phase != Phase::ended || queue.progress.removal_asked) {
    open_.insert(id);
  } else {
    open_.erase(id);
  }
  if (!queue.progress.removal_asked) {
    for (std::size_t i = 0; i < queue.accepted.tasks.size(); ++i) tasks_[queue.accepted.tasks[i]] = {id, i};
  }
  queues_.insert_or_assign(id, std::move(queue));
}

/// With mutex_ held.
const Queue* QueueTable::visible(const std::string& id) const {
  const auto found = queues_.find(id);
  return found == queues_.end() || found->second.progress.removal_asked ? nullptr : &found->second;
}

void QueueTable::told(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    changes_.changed(id);
  }
  notify_();
}

bool QueueTable::isKnown(const std::string& id, const std::string& content) const {
  const std::lock_guard lock(mutex_);
  return isKnownLocked(id, content);
}

bool QueueTable::isKnownLocked(const std::string& id, const std::string& content) const {
  if (removed_.count(id) > 0) throw deletedBefore(id);
  if (tasks_.count(id) > 0) throw Conflict("the id " + id + " is that of a task of queue " + tasks_.at(id).queue);
  const auto found = queues_.find(id);
  if (found == queues_.end()) return false;
  if (found->second.accepted.content == content) return true;
  throw Conflict("the queue " + id + " is known here with other content");
}

bool QueueTable::add(Accepted accepted) {
  const std::string id = accepted.submission.job;
  {
    const std::lock_guard writing(writing_);
    Queue queue;
    {
      const std::lock_guard lock(mutex_);
      if (isKnownLocked(id, accepted.content)) return false;
      for (const std::string& task : accepted.tasks) {
        if (queues_.count(task) > 0 || tasks_.count(task) > 0) {
          throw Conflict("the task's id " + task + " is in use here: queues and tasks share their ids");
        }
      }
      accepted.sequence = lastSequence_ + 1;
      accepted.created_at = std::max(clock_.now(), lastCreated_);
      queue.accepted = std::move(accepted);
    }
    store_.add(queue);
    const std::lock_guard lock(mutex_);
    lastSequence_ = queue.accepted.sequence;
    lastCreated_ = queue.accepted.created_at;
    put(std::move(queue));
  }
  told(id);
  return true;
}

void QueueTable::update(const std::string& id, const std::function<Write(Queue&)>& change) {
  {
    const std::lock_guard writing(writing_);
    Queue queue;
    {
      const std::lock_guard lock(mutex_);
      const auto found = queues_.find(id);
      if (found == queues_.end()) return;
      queue = found->second;
    }
    const Write write = change(queue);
    if (write == Write::nothing) return;
    if (write == Write::disk) store_.update(id, queue.progress);
    const std::lock_guard lock(mutex_);
    put(std::move(queue));
  }
  told(id);
}

void QueueTable::abort(const std::string& id) {
  if (!find(id)) throw unknown(id);
  update(id, [](Queue& queue) {
    Progress& progress = queue.progress;
    if (progress.abort_asked || progress.phase == Phase::ended) return Write::nothing;
    progress.abort_asked = true;
    if (progress.phase == Phase::waiting) endUnsent(queue);
    return Write::disk;
  });
}

void QueueTable::abortTask(const TaskPlace& place) {
  update(place.queue, [&](Queue& queue) {
    if (queue.progress.phase == Phase::ended || isTaskAborted(queue, place.index)) return Write::nothing;
    if (stateOf(queue, place.index).status == "Finished") return Write::nothing;
    queue.progress.aborted_tasks.push_back(static_cast<int64_t>(place.index));
    const bool all = queue.progress.aborted_tasks.size() == queue.accepted.tasks.size();
    if (all && queue.progress.phase == Phase::waiting) endUnsent(queue);
    return Write::disk;
  });
}

void QueueTable::remove(const std::string& id) {
  {
    const std::lock_guard writing(writing_);
    std::optional<Queue> queue;
    {
      const std::lock_guard lock(mutex_);
      if (const auto task = tasks_.find(id); task != tasks_.end()) {
        throw NotFound(id + " is a task, and only queues can be deleted: delete, " + task->second.queue);
      }
      const auto found = queues_.find(id);
      if (found != queues_.end() && found->second.progress.removal_asked) return;
      if (found == queues_.end() && removed_.count(id) > 0) throw NotFound("the queue " + id + " was deleted before");
      if (found != queues_.end()) queue = found->second;
    }
    if (queue) queue->progress.removal_asked = true;
    store_.markRemoved(id, queue ? &queue->progress : nullptr);
    const std::lock_guard lock(mutex_);
    removed_.insert(id);
    if (!queue) throw unknown(id);
    for (const std::string& task : queue->accepted.tasks) tasks_.erase(task);
    put(std::move(*queue));
  }
  told(id);
}

void QueueTable::forget(const std::string& id) {
  {
    const std::lock_guard writing(writing_);
    store_.erase(id);
    const std::lock_guard lock(mutex_);
    const auto found = queues_.find(id);
    if (found == queues_.end()) return;
    bySequence_.erase(found->second.accepted.sequence);
    open_.erase(id);
    queues_.erase(found);
  }
  told(id);
}

bool QueueTable::isBeingRemoved(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = queues_.find(id);
  return found != queues_.end() && found->second.progress.removal_asked;
}

std::optional<Queue> QueueTable::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const Queue* queue = visible(id);
  return queue == nullptr ? std::nullopt : std::optional(*queue);
}

std::optional<Queue> QueueTable::findAny(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = queues_.find(id);
  return found == queues_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<TaskPlace> QueueTable::findTask(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(id);
  return found == tasks_.end() ? std::nullopt : std::optional(found->second);
}

void QueueTable::forEachNewestFirst(const std::function<void(const Queue&)>& visit) const {
  const std::lock_guard lock(mutex_);
  for (auto at = bySequence_.rbegin(); at != bySequence_.rend(); ++at) {
    if (const Queue* queue = visible(at->second)) visit(*queue);
  }
}

void QueueTable::forEachAfter(const std::string& after, const std::function<bool(const Queue&)>& visit) const {
  const std::lock_guard lock(mutex_);
  for (auto at = queues_.upper_bound(after); at != queues_.end(); ++at) {
    if (!at->second.progress.removal_asked && !visit(at->second)) return;
  }
}

void QueueTable::forEachOpen(const std::function<void(const Queue&)>& visit) const {
  const std::lock_guard lock(mutex_);
  for (const std::string& id : open_) visit(queues_.at(id));
}

std::vector<std::string> QueueTable::nextInLine(std::size_t most) const {
  std::vector<std::pair<Turn, std::string>> waiting;
  forEachOpen([&](const Queue& queue) {
    if (waitsForSlot(queue)) waiting.emplace_back(turnOf(queue), queue.id());
  });
  const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting.size()));
  std::partial_sort(waiting.begin(), end, waiting.end());
  std::vector<std::string> ids;
  std::transform(waiting.begin(), end, std::back_inserter(ids), [](const auto& one) { return one.second; });
  return ids;
}

QueueTable::Changes QueueTable::changesAfter(const std::string& cursor) const {
  const std::lock_guard lock(mutex_);
  Changes changes{changes_.cursor(), {}};
  if (cursor.empty()) return changes;
  if (auto queues = changes_.after(cursor)) {
    changes.queues = std::move(*queues);
  } else {
    for (const auto& [id, queue] : queues_) changes.queues.push_back(id);
  }
  return changes;
}

}  // namespace testarena::runner
