// SPDX-License-Identifier: Apache-2.0
// All queues: what may be done with them, and what is known of them.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "change_log.h"
#include "clock.h"
#include "queue.h"
#include "queue_store.h"

namespace testarena::runner {

/// The one place where queues change. A change is on disk before it is seen, so what anybody was told stays true.
///
/// Threads: any. Looking waits for no disk. What the store throws comes through, and then nothing has changed.
class QueueTable {
 public:
  /// Reads what an earlier life has left.
  QueueTable(QueueStore& store, const Clock& clock);

  /// Called after every change, from the thread that made it; must not block. Set before anything else.
  void onChange(std::function<void()> notify) { notify_ = std::move(notify); }

  // What clients ask for.

  /// True if this very content is known under the id: there is nothing to do. Throws Conflict for other content, for an
  /// id that was deleted, or that is a task's.
  bool isKnown(const std::string& id, const std::string& content) const;

  /// Takes a queue over; false if it is known already, by a post that came at the same time. `sequence` and
  /// `created_at` are set here. Throws Conflict as isKnown does, and for a task's id that is in use.
  bool add(Accepted accepted);

  /// NotFound: no such queue or task. Ending what has ended changes nothing.
  void abort(const std::string& queue);
  void abortTask(const TaskPlace& place);

  /// From now on the queue is not seen any more, and its id is refused for ever. NotFound, after the id was remembered
  /// all the same: no such queue. A task's id is NotFound and stays as it is. A queue that is being removed already is
  /// no error.
  void remove(const std::string& id);

  /// A removed queue of which something is still there.
  bool isBeingRemoved(const std::string& id) const;

  std::optional<Queue> find(const std::string& id) const;
  std::optional<TaskPlace> findTask(const std::string& id) const;
  /// Under the lock: `visit` must be quick, and must not come back here.
  void forEachNewestFirst(const std::function<void(const Queue&)>& visit) const;
  /// The same by id, those after `after`, until `visit` says false.
  void forEachAfter(const std::string& after, const std::function<bool(const Queue&)>& visit) const;

  /// The first `most` of those that wait for a slot, in the order in which they are handed over.
  std::vector<std::string> nextInLine(std::size_t most) const;

  struct Changes {
    std::string cursor;
    std::vector<std::string> queues;
  };
  /// An empty cursor is now. One of an earlier life, or none of ours, is answered with all queues.
  Changes changesAfter(const std::string& cursor) const;

  // What the dispatcher does.

  /// Those that something is still to be done for, under the lock as above.
  void forEachOpen(const std::function<void(const Queue&)>& visit) const;
  /// All, removed ones included.
  std::optional<Queue> findAny(const std::string& id) const;

  /// Moves a queue on under the lock for writing; `change` answers what of it must be on disk. Nothing happens if there
  /// is no such queue any more.
  enum class Write { nothing, memory, disk };
  void update(const std::string& id, const std::function<Write(Queue&)>& change);

  /// The executor has nothing of it any more.
  void forget(const std::string& id);

 private:
  using Queues = std::map<std::string, Queue>;

  bool isKnownLocked(const std::string& id, const std::string& content) const;
  const Queue* visible(const std::string& id) const;
  void put(Queue queue);
  void told(const std::string& id);

  QueueStore& store_;
  const Clock& clock_;
  std::function<void()> notify_ = [] {};

  std::mutex writing_;  ///< held from a look to the disk to the change in memory; taken before mutex_
  mutable std::mutex mutex_;
  // Protected by mutex_; changed only with writing_ held as well.
  Queues queues_;
  std::map<int64_t, std::string> bySequence_;
  std::set<std::string> open_;
  std::unordered_map<std::string, TaskPlace> tasks_;
  std::set<std::string> removed_;
  ChangeLog changes_;
  int64_t lastSequence_ = 0;
  Time lastCreated_{};  ///< the list is newest first also where the clock was set back
};

}  // namespace testarena::runner
