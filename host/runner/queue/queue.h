// SPDX-License-Identifier: Apache-2.0
// A queue as the runner keeps it: what was posted, and how far it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <testarena/executor.h>

namespace testarena::runner {

/// Ids of queues and tasks: `[A-Za-z0-9_][A-Za-z0-9._:-]{0,127}`. They share one name space.
bool isId(std::string_view text);

/// What was accepted; never changes afterwards.
struct Accepted {
  Submission submission;           ///< `job` is the queue's id; a run for each task, in the order of the tasks
  std::vector<std::string> tasks;  ///< ids
  int64_t priority = 0;            ///< higher ones are served first
  std::vector<std::string> labels;
  std::string content;   ///< what makes two posts the same, in one spelling
  int64_t sequence = 0;  ///< in the order of acceptance
  Time created_at{};
  TA_FIELDS(submission, tasks, priority, labels, content, sequence, created_at)
};

/// How far a queue is with the executor.
///  waiting   the executor has not heard of it
///  sending   it may have
///  accepted  it has it
///  ended     nothing of it will change any more
TA_ENUM(Phase, unknown, waiting, sending, accepted, ended)

/// What changes.
struct Progress {
  Phase phase = Phase::waiting;
  std::optional<Time> sending_since;  ///< with `sending`
  std::string handle;                 ///< the executor's name of it
  bool was_taken = false;             ///< the executor has, or had, something of it
  bool abort_asked = false;
  std::vector<int64_t> aborted_tasks;  ///< indices of tasks whose end was asked for
  std::vector<int64_t> left_out;       ///< those of them that the executor was never told of
  bool removal_asked = false;
  JobStatus status;  ///< as it was last seen; empty until the executor was asked
  TA_FIELDS(phase, sending_since, handle, was_taken, abort_asked, aborted_tasks, left_out, removal_asked, status)
};

struct Queue {
  Accepted accepted;
  Progress progress;

  const std::string& id() const { return accepted.submission.job; }
};

/// Where a task is: its queue, and its place there.
struct TaskPlace {
  std::string queue;
  std::size_t index = 0;
};

/// Of queues that wait, the one with the smallest turn is handed over next: by priority, then as they were accepted.
using Turn = std::pair<int64_t, int64_t>;
Turn turnOf(const Queue& queue);

/// The executor has not heard of it, and nobody wants it to end.
bool waitsForSlot(const Queue& queue);

/// True once the end of this task alone, or of all, was asked for.
bool isTaskAborted(const Queue& queue, std::size_t index);

/// What the executor is given: the tasks without those that were left out.
Submission submissionOf(const Queue& queue);

/// An observation of the executor's, completed with the tasks that it was never told of.
JobStatus completed(const Queue& queue, JobStatus seen);

/// What is told of a queue by the executor's own words: also while the executor has not heard of it.
JobStatus statusOf(const Queue& queue);

/// `Waiting`, `Running`, `Finished` or `Aborted`: the words of the protocol.
std::string_view stateOf(const Queue& queue);

struct TaskState {
  std::string_view status;  ///< one of the four words
  std::string_view result;  ///< "PASS" or "FAIL"; empty: there is no verdict
  std::string reason;       ///< empty where there is no more to say
};

/// A lister's task stands for the tests that it has named.
TaskState stateOf(const Queue& queue, std::size_t index);

/// How many of its tasks have not ended, and how many of these run.
int64_t openTasks(const Queue& queue);
int64_t runningTasks(const Queue& queue);

}  // namespace testarena::runner
