// SPDX-License-Identifier: Apache-2.0
// What an existing server says of a queue and its tasks, taken over into the record of the job.
#include <algorithm>

#include <testarena/error.h>

#include "existing_executor.h"
#include "queue_form.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kVerdictMayFollow = 5s;  // a server that writes "Finished" first and the verdict then

}  // namespace

bool ExistingExecutor::refresh(Job& job, const std::string& id, const std::optional<std::string>& word,
                               const Call& call) {
  job.askedAt = Clock::now();
  const std::string queue = profile_.queueOf(id);
  std::string told;
  if (word) {
    told = *word;
  } else {
    const auto status = server_.queue(queue, call);
    if (!status && job.record) confirmUnknown(queue, call);
    if (!status) return false;
    told = *status->word("status");
  }
  job.queue = queueStateOf(told);
  if (!job.record) return true;
  if (!job.record->accepted) {
    job.record->accepted = true;  // the answer to the submission was lost, the submission was not
    book_.save(*job.record);
  }
  refreshRuns(job, queue, job.queue, call);
  return true;
}

void ExistingExecutor::refreshRuns(Job& job, const std::string& queue, QueueState state, const Call& call) {
  auto& runs = job.record->runs;
  const JobRecord before = *job.record;
  const auto isOpen = [](const RunRecord& run) { return !hasEnded(run.status.state); };
  const bool hasBegun =
      std::any_of(runs.begin(), runs.end(), [](const RunRecord& run) { return run.status.state != State::waiting; });
  // One task that has been aborted ends in a queue that waits.
  const bool anyAbortAsked =
      std::any_of(runs.begin(), runs.end(), [](const RunRecord& run) { return run.abort_asked; });
  if (state == QueueState::waiting && !hasBegun && !anyAbortAsked) return;
  try {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (isOpen(runs[i])) take(job, i, server_.task(taskOf(queue, i), call), state);
    }
  } catch (const Error&) {
    if (*job.record != before) book_.save(*job.record);
    throw;
  }
  if (*job.record != before) book_.save(*job.record);
}

void ExistingExecutor::take(Job& job, std::size_t index, const std::optional<json::Value>& status, QueueState queue) {
  RunRecord& run = job.record->runs[index];
  const bool queueEnded = queue == QueueState::finished || queue == QueueState::aborted;
  const TaskTold told = status ? profile_.words.read(*status) : TaskTold();
  if (told.is != TaskTold::Is::waiting && status && !run.status.started_at && told.is != TaskTold::Is::aborted) {
    run.status.started_at = host_.now();
    run.status.state = State::in_progress;
  }
  switch (told.is) {
    case TaskTold::Is::verdict:
      return end(run, told.state, "");
    case TaskTold::Is::aborted:
      return end(run, State::aborted, "");
    case TaskTold::Is::finished: {
      const auto since = job.finishedAt.try_emplace(index, Clock::now()).first->second;
      if (queueEnded || Clock::now() - since >= kVerdictMayFollow) endOpenRun(job, run, queue, told.word);
      return;
    }
    case TaskTold::Is::waiting:
    case TaskTold::Is::running:
      if (queueEnded) endOpenRun(job, run, queue, status ? told.word : "not known");
  }
}

void ExistingExecutor::endOpenRun(Job& job, RunRecord& run, QueueState queue, const std::string& word) {
  // Such servers say "Finished" of what was aborted, too.
  if (queue == QueueState::aborted || job.record->abort_asked || run.abort_asked) return end(run, State::aborted, "");
  const bool finished = queueStateOf(word) == QueueState::finished;
  end(run, State::errored,
      finished ? "the server has finished it without a verdict"
               : "the server has finished the job, but says '" + word + "' of this scenario, which is no verdict");
}

void ExistingExecutor::end(RunRecord& run, State state, const std::string& reason) {
  run.status.state = state;
  run.status.reason = reason;
  run.status.finished_at = host_.now();
  if (run.status.started_at && *run.status.finished_at < *run.status.started_at) {
    run.status.finished_at = run.status.started_at;
  }
}

}  // namespace testarena::http_executor
