// SPDX-License-Identifier: Apache-2.0
#include "dispatcher.h"

#include <algorithm>

#include <testarena/error.h>

#include "refusal.h"
#include "trace.h"

namespace testarena::runner {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int kWorkers = 8;
constexpr milliseconds kCallLimit = 30s;
constexpr milliseconds kQuickest = 100ms;  // between two looks at the executor's jobs
constexpr milliseconds kSlowest = 5s;      // where nobody tells of changes
constexpr milliseconds kSafetyNet = 20s;   // where somebody does
constexpr milliseconds kChangesLimit = 10s;
constexpr milliseconds kLongestPause = 10s;
constexpr milliseconds kBelievedMissing = 5s;
constexpr milliseconds kIdle = 60s;

milliseconds pauseAfter(int failures) {
  return std::min<milliseconds>(kLongestPause, 100ms * (1 << std::min(failures, 10)));
}

/// Log sizes grow all the time, and an executor can be asked for them again.
bool differsInMoreThanSizes(JobStatus before, JobStatus after) {
  for (JobStatus* status : {&before, &after}) {
    status->next_poll = 0ms;
    if (!hasEnded(status->state)) status->log_bytes = 0;
    for (RunStatus& run : status->runs) {
      if (!hasEnded(run.state)) run.log_bytes = 0;
    }
  }
  return before != after;
}

/// An end that was told stays, whatever the executor says later.
JobStatus withoutStepsBack(const JobStatus& before, JobStatus now) {
  std::map<std::pair<std::string_view, int64_t>, const RunStatus*> ended;
  for (const RunStatus& run : before.runs) {
    if (hasEnded(run.state)) ended.emplace(std::pair(std::string_view(run.scenario), run.attempt), &run);
  }
  for (RunStatus& run : now.runs) {
    const auto found = ended.find({run.scenario, run.attempt});
    if (found != ended.end()) run = *found->second;
  }
  return now;
}

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

/// Asks for the state of all that the executor has and that has not ended.
void Dispatcher::poll() {
  const Steady now = clock_.steady();
  StatusRequest request;
  int64_t most = 1;
  bool toldOfChanges = false;
  {
    const std::lock_guard lock(mutex_);
    if (!capabilities_) return;
    if (!look_ && now < nextPoll_) return;
    most = std::max<int64_t>(1, capabilities_->max_batch);
    toldOfChanges = capabilities_->wait_changes;
    pollInterval_ = look_ ? kQuickest : std::min<milliseconds>(pollInterval_ * 2, kSlowest);
    look_ = false;
  }
  missing_ = false;
  std::vector<JobRef> jobs;
  table_.forEachOpen([&](const Queue& queue) {
    if (queue.progress.phase == Phase::accepted && !queue.progress.removal_asked) {
      jobs.push_back({queue.id(), queue.progress.handle});
    }
  });
  for (std::size_t begin = 0; begin < jobs.size() && !stopping_; begin += static_cast<std::size_t>(most)) {
    const std::size_t end = std::min(jobs.size(), begin + static_cast<std::size_t>(most));
    request.jobs.assign(jobs.begin() + static_cast<std::ptrdiff_t>(begin),
                        jobs.begin() + static_cast<std::ptrdiff_t>(end));
    try {
      Call limit = call(kCallLimit);
      const StatusAnswer answer = executor_.status(request, limit);
      if (answer.jobs.size() != request.jobs.size()) throw Internal("the executor answered for other jobs than asked");
      for (std::size_t i = 0; i < answer.jobs.size(); ++i) {
        const JobStatus& seen = answer.jobs[i];
        if (seen.job != request.jobs[i].job) {  // one wrong answer must not spoil the others
          log_.warning("queue {}: the executor answered for '{}' instead", request.jobs[i].job, seen.job);
          missing_ = true;
        } else if (observe(seen)) {
          pollInterval_ = kQuickest;
        }
      }
    } catch (const std::exception& error) {
      if (stopping_) return;
      log_.warning("the state of the queues was not read, asked again: {}", error.what());
      nextPoll_ = clock_.steady() + 1s;
      return;
    }
  }
  nextPoll_ = now + (jobs.empty() ? kIdle : toldOfChanges && !missing_ ? kSafetyNet : pollInterval_);
}

/// True if it is not as it was.
bool Dispatcher::observe(const JobStatus& seen) {
  if (seen.state == State::unknown) {
    // Once may be an executor that has just begun; for long it is a loss that a person has to know of.
    {
      const std::lock_guard lock(mutex_);
      Pace& pace = paces_[seen.job];
      if (!pace.missingSince) pace.missingSince = clock_.steady();
      if (clock_.steady() - *pace.missingSince < kBelievedMissing) {
        missing_ = true;
        return false;
      }
    }
    endErrored(seen.job, "the executor does not know this queue any more");
    return true;
  }
  {
    const std::lock_guard lock(mutex_);
    paces_[seen.job].missingSince.reset();
  }
  bool changed = false;
  table_.update(seen.job, [&](Queue& queue) {
    if (queue.progress.phase != Phase::accepted) return QueueTable::Write::nothing;
    JobStatus now = withoutStepsBack(queue.progress.status, completed(queue, seen));
    if (now == queue.progress.status) return QueueTable::Write::nothing;
    const bool durable = differsInMoreThanSizes(queue.progress.status, now);
    changed = durable;
    queue.progress.status = std::move(now);
    if (hasEnded(queue.progress.status.state)) queue.progress.phase = Phase::ended;
    return durable ? QueueTable::Write::disk : QueueTable::Write::memory;
  });
  return changed;
}

void Dispatcher::endErrored(const std::string& id, const std::string& reason) {
  log_.warning("queue {}: {}", id, reason);
  table_.update(id, [&](Queue& queue) {
    if (queue.progress.phase == Phase::ended) return QueueTable::Write::nothing;
    JobStatus status = statusOf(queue);
    status.state = State::errored;
    status.reason = reason;
    for (RunStatus& run : status.runs) {
      if (hasEnded(run.state)) continue;
      run.state = State::errored;
      run.reason = reason;
    }
    queue.progress.status = std::move(status);
    queue.progress.phase = Phase::ended;
    return QueueTable::Write::disk;
  });
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

void Dispatcher::act(const std::string& id) {
  const TraceScope trace(id);
  const std::optional<Queue> queue = table_.findAny(id);
  std::string problem;
  try {
    if (queue) doNext(*queue);
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (!problem.empty() && !stopping_) showProblem(id, problem);
  const std::lock_guard lock(mutex_);
  if (!queue || !table_.findAny(id)) {
    paces_.erase(id);
    return;
  }
  Pace& pace = paces_[id];
  pace.inHand = false;
  if (problem.empty()) {
    pace.failures = 0;
    return;
  }
  ++pace.failures;
  pace.notBefore = clock_.steady() + pauseAfter(pace.failures);
  if (!stopping_) log_.warning("queue {}: tried again: {} (attempt {})", id, problem, pace.failures);
}

/// So that whoever looks at the queue sees why it waits. Memory is enough: after a restart it is found out again.
void Dispatcher::showProblem(const std::string& id, const std::string& problem) {
  table_.update(id, [&](Queue& queue) {
    const Phase phase = queue.progress.phase;
    const bool waits = phase == Phase::waiting || phase == Phase::sending;
    if (!waits || queue.progress.status.reason == problem) return QueueTable::Write::nothing;
    queue.progress.status.reason = problem;
    return QueueTable::Write::memory;
  });
}

void Dispatcher::doNext(const Queue& queue) {
  const Progress& progress = queue.progress;
  if (progress.removal_asked) return remove(queue);
  if (progress.phase == Phase::waiting) return send(queue.id(), false);
  if (progress.phase == Phase::sending) return recover(queue);
  if (progress.phase == Phase::accepted && progress.abort_asked) return abort(queue);
  if (progress.phase == Phase::accepted) return abortTasks(queue);
}

/// Durable before the first byte leaves.
bool Dispatcher::markSending(const std::string& id, Queue& marked) {
  bool done = false;
  table_.update(id, [&](Queue& queue) {
    Progress& progress = queue.progress;
    if (progress.phase == Phase::waiting) progress.left_out = progress.aborted_tasks;
    const bool waits = progress.phase == Phase::waiting || progress.phase == Phase::sending;
    if (!waits || progress.abort_asked || progress.removal_asked) return QueueTable::Write::nothing;
    progress.phase = Phase::sending;
    progress.sending_since = clock_.now();
    marked = queue;
    done = true;
    return QueueTable::Write::disk;
  });
  return done;
}

void Dispatcher::send(const std::string& id, bool again) {
  Queue queue;
  if (!markSending(id, queue)) return;
  try {
    Call limit = call(kCallLimit);
    accept(id, executor_.submit(submissionOf(queue), limit).handle);
  } catch (const Error& error) {
    if (!provesNotTaken(error.code(), again)) {
      // It may have left at any moment of the call: the time that it can be under way counts from its end.
      table_.update(id, [&](Queue& sent) {
        sent.progress.sending_since = clock_.now();
        return QueueTable::Write::disk;
      });
      throw;
    }
    endErrored(id, std::string("the executor refused it: ") + error.what());
  }
}

void Dispatcher::accept(const std::string& id, const std::string& handle) {
  table_.update(id, [&](Queue& queue) {
    queue.progress.phase = Phase::accepted;
    queue.progress.handle = handle;
    queue.progress.was_taken = true;
    queue.progress.sending_since.reset();
    return QueueTable::Write::disk;
  });
  const std::lock_guard lock(mutex_);
  look_ = true;
}

/// It was sent, and what became of that is not known: the answer was lost, or the runner ended before it came.
void Dispatcher::recover(const Queue& queue) {
  const ExecutorCapabilities can = capabilities();
  if (can.idempotency == Idempotency::c3) {
    if (!queue.progress.abort_asked) return send(queue.id(), true);
    return giveUp(queue);
  }
  if (can.idempotency != Idempotency::c1 && can.idempotency != Idempotency::c2) {
    return endErrored(queue.id(),
                      "it is not known whether the executor has taken this queue, and this executor cannot be asked");
  }
  Call limit = call(kCallLimit);
  const StatusAnswer answer = executor_.status({{{queue.id(), queue.progress.handle}}}, limit);
  // Silence about the job is no answer: taken for "not known", it would be sent a second time.
  if (answer.jobs.empty() || answer.jobs.front().job != queue.id()) {
    throw Unavailable("the executor's status says nothing of " + queue.id());
  }
  if (answer.jobs.front().state != State::unknown) return accept(queue.id(), {});
  if (const milliseconds left = inFlight(queue, can); left > 0ms) {
    const std::lock_guard lock(mutex_);
    paces_[queue.id()].notBefore = clock_.steady() + left;
    return;
  }
  if (queue.progress.abort_asked) return endAborted(queue.id());
  send(queue.id(), false);  // whatever was under way has landed, and it is not there
}

/// How long a request to the executor may still be under way.
milliseconds Dispatcher::inFlight(const Queue& queue, const ExecutorCapabilities& can) const {
  if (can.idempotency == Idempotency::c3 || !queue.progress.sending_since) return 0ms;
  const auto gone = std::chrono::floor<milliseconds>(clock_.now() - *queue.progress.sending_since);
  // A clock that was set back must not make it wait longer than that.
  return std::clamp<milliseconds>(can.in_flight - gone, 0ms, can.in_flight);
}

/// Its end was asked for while it was on its way to an executor that refuses what it was told to forget.
void Dispatcher::giveUp(const Queue& queue) {
  const JobRef ref{queue.id(), queue.progress.handle};
  try {
    Call limit = call(kCallLimit);
    executor_.abort(ref, limit);
    return accept(queue.id(), {});  // it has it: how that ends is seen by asking
  } catch (const NotFound&) {
    Call limit = call(kCallLimit);
    executor_.remove(ref, limit);
  }
  endAborted(queue.id());
}

void Dispatcher::endAborted(const std::string& id) {
  table_.update(id, [&](Queue& queue) {
    JobStatus status = statusOf(queue);
    status.state = State::aborted;
    status.reason.clear();
    for (RunStatus& run : status.runs) run.state = State::aborted;
    queue.progress.status = std::move(status);
    queue.progress.phase = Phase::ended;
    return QueueTable::Write::disk;
  });
}

void Dispatcher::abort(const Queue& queue) {
  Call limit = call(kCallLimit);
  try {
    executor_.abort({queue.id(), queue.progress.handle}, limit);
  } catch (const NotFound&) {  // the next look at its state says so, and what follows
  }
  const std::lock_guard lock(mutex_);
  paces_[queue.id()].abortSent = true;
  look_ = true;
}

void Dispatcher::abortTasks(const Queue& queue) {
  for (const int64_t index : queue.progress.aborted_tasks) {
    {
      const std::lock_guard lock(mutex_);
      if (paces_[queue.id()].abortedTasks.count(index) > 0) continue;
    }
    const RunRequest& run = queue.accepted.submission.runs.at(static_cast<std::size_t>(index));
    try {
      Call limit = call(kCallLimit);
      executor_.abort_run({queue.id(), queue.progress.handle, run.scenario, run.attempt}, limit);
    } catch (const NotFound&) {
    }
    const std::lock_guard lock(mutex_);
    paces_[queue.id()].abortedTasks.insert(index);
    look_ = true;
  }
}

/// Ends what runs of it, and frees what the executor keeps of it.
void Dispatcher::remove(const Queue& queue) {
  if (queue.progress.phase != Phase::waiting) {
    Call limit = call(kCallLimit);
    executor_.remove({queue.id(), queue.progress.handle}, limit);
    // What is under way would come to life behind our back: it is removed once more when nothing can be.
    if (const milliseconds left = inFlight(queue, capabilities()); left > 0ms) {
      const std::lock_guard lock(mutex_);
      paces_[queue.id()].notBefore = clock_.steady() + left;
      return;
    }
  }
  table_.forget(queue.id());
}

}  // namespace testarena::runner
