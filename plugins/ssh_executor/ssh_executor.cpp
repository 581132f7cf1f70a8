// SPDX-License-Identifier: Apache-2.0
#include "ssh_executor.h"

#include <algorithm>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "file_part.h"
#include "planner.h"
#include "remote_manifest.h"
#include "shorter_call.h"
#include "split.h"

namespace testarena::ssh_executor {
namespace {

constexpr int64_t kBatch = 100;
constexpr std::size_t kMostRecords = 10'000;
constexpr std::size_t kMostArtifacts = 10'000;
constexpr std::chrono::milliseconds kHealthLimit{1800};  // the contract gives 2 s
constexpr std::chrono::seconds kRemovalMargin{3};
constexpr std::chrono::milliseconds kLongestWait{10'000};  // for changes, in one command

bool isJobId(const std::string& job) {
  try {
    local_executor::checkJobId(job);
    return true;
  } catch (const Invalid&) {
    return false;
  }
}

/// FILE-OFFSET, as the script makes them.
bool isCursor(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto isNumber = [](std::string_view digits) {
    return !digits.empty() && digits.size() <= 18 &&
           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return dash != std::string_view::npos && isNumber(text.substr(0, dash)) && isNumber(text.substr(dash + 1));
}

NotFound noSuchJob(const std::string& job) {
  return NotFound("there is no job " + cleanUtf8(job.substr(0, 200)));
}

NotFound noSuchRun(const std::string& job, const std::string& scenario, int64_t attempt) {
  return NotFound("job " + job + " has no run of '" + cleanUtf8(scenario.substr(0, 200)) + "' with attempt " +
                  std::to_string(attempt));
}

}  // namespace

SshExecutor::SshExecutor(const Settings& settings, const Host& host)
    : settings_(settings),
      host_(host),
      terms_(checkedTerms(settings)),
      connection_(ssh::connectionSettings(settings), [host](const std::string& problem) { host.error(problem); }),
      repository_(connection_, settings.repository, {}),
      home_(connection_, rootOf(settings)) {}

ExecutorCapabilities SshExecutor::capabilities(const CapabilitiesRequest&, Call&) {
  ExecutorCapabilities capabilities;
  capabilities.idempotency = Idempotency::c3;
  capabilities.max_batch = kBatch;
  capabilities.pins_commit = true;
  capabilities.abort_run = true;
  capabilities.artifacts = true;
  capabilities.list = true;
  capabilities.wait_changes = true;
  return capabilities;
}

Submitted SshExecutor::submit(const Submission& submission, Call& call) {
  local_executor::checkSubmission(submission);
  const ShorterCall shorter(call, settings_.timeout);
  // Before anything is looked up: a job that is known is known, whatever has become of its repository.
  const std::string known = home_.ask({"known", submission.job}, {}, shorter);
  if (firstLine(known) != "=unknown") return acceptKnown(submission, known);

  const ssh::ReadCommit commit =
      ssh::readCommit(repository_, submission.commit, settings_.scenarios, "scenarios of the environment", shorter);
  local_executor::JobOrder order = local_executor::planRuns(submission, commit.reading, commit.files, {});
  order.sequence = host_.now().time_since_epoch().count();
  const Record record = makeRecord(std::move(order), terms_);
  const std::string text = planText(record, terms_);
  std::string sequence = std::to_string(record.order.sequence);
  sequence.insert(0, 20 - std::min<std::size_t>(20, sequence.size()), '0');
  const std::string answer = home_.ask(
      {"submit", submission.job, std::to_string(text.size()), sequence, std::to_string(terms_.slots)}, text, shorter);
  if (firstLine(answer) == "=accepted") {
    remember(submission.job, std::make_shared<const Record>(record));
    return {submission.job};
  }
  return acceptKnown(submission, answer);
}

/// The answer of somebody who came first.
Submitted SshExecutor::acceptKnown(const Submission& submission, const std::string& answer) {
  const std::string_view word = firstLine(answer);
  if (word == "=removed") {
    throw Conflict("job " + submission.job + " was removed: its id is refused for ever");
  }
  if (word != "=known") {
    throw Unavailable("job " + submission.job + " could not be stored on " + connection_.name() + " (" +
                      cleanUtf8(word.substr(0, 80)) + "): is its disk full, or without hard links?");
  }
  RecordPtr record = std::make_shared<const Record>(readRecord(behindFirstLine(answer)));
  if (record->order.submission != submission) {
    throw Conflict("job " + submission.job + " is known with other content");
  }
  remember(submission.job, std::move(record));
  return {submission.job};
}

StatusAnswer SshExecutor::status(const StatusRequest& request, Call& call) {
  StatusAnswer answer;
  std::string asked;
  for (const JobRef& ref : request.jobs) {
    JobStatus& status = answer.jobs.emplace_back();
    status.job = ref.job;
    if (isJobId(ref.job)) asked += ref.job + (knownRecord(ref.job) ? " no\n" : " yes\n");
  }
  if (asked.empty()) return answer;
  const ShorterCall shorter(call, settings_.timeout);
  const std::vector<ToldJob> told = parseStatus(home_.ask({"status", std::to_string(terms_.slots)}, asked, shorter));
  std::size_t next = 0;
  for (JobStatus& status : answer.jobs) {
    if (!isJobId(status.job)) continue;
    if (next >= told.size() || told[next].job != status.job) {
      throw Unavailable("the answer of " + connection_.name() + " is about other jobs than those asked for");
    }
    const ToldJob& job = told[next++];
    if (job.isUnknown) continue;
    const RecordPtr record = job.record ? job.record : knownRecord(job.job);
    if (!record) throw Unavailable("the record of job " + job.job + " was forgotten meanwhile");
    remember(job.job, record);
    status = statusOf(job, *record);
  }
  return answer;
}

LogPart SshExecutor::read_log(const LogRequest& request, Call& call) {
  if (!isJobId(request.job)) throw noSuchJob(request.job);
  const FilePart part(request.offset, request.limit);
  const ShorterCall shorter(call, settings_.timeout);
  const RecordPtr record = recordOf(request.job, call);
  std::string which = "setup";
  if (!request.scenario.empty()) {
    const std::optional<std::size_t> number = numberOf(*record, request.scenario, request.attempt);
    if (!number) throw noSuchRun(request.job, request.scenario, request.attempt);
    which = std::to_string(*number);
  } else if (record->order.setup.empty()) {
    // Nothing is ever written; that it still exists is to be known all the same.
    if (firstLine(home_.read({"log", request.job, which, "0", "0"}, 4096, shorter)) == "=unknown") {
      forget(request.job);
      throw noSuchJob(request.job);
    }
    LogPart nothing;
    nothing.complete = true;
    return nothing;
  }
  const std::string answer =
      home_.read({"log", request.job, which, part.firstBlock(), part.blocks()}, part.longestAnswer(), shorter);
  if (firstLine(answer) == "=unknown") {
    forget(request.job);
    throw noSuchJob(request.job);
  }
  return part.outOf(answer, record->output_limit, connection_.name());
}

/// Throws WrongState for one that has not ended.
std::string SshExecutor::numberOfEndedRun(const std::string& job, const std::string& scenario, int64_t attempt,
                                          Call& call) {
  if (!isJobId(job)) throw noSuchJob(job);
  const std::optional<std::size_t> number = numberOf(*recordOf(job, call), scenario, attempt);
  if (!number) throw noSuchRun(job, scenario, attempt);
  const JobStatus now = status({{{job, job}}}, call).jobs.at(0);
  if (now.state == State::unknown) throw noSuchJob(job);
  if (!testarena::hasEnded(now.runs.at(*number).state)) {
    throw WrongState("the run of '" + scenario + "' has not ended");
  }
  return std::to_string(*number);
}

Artifacts SshExecutor::list_artifacts(const ArtifactsRequest& request, Call& call) {
  const ShorterCall shorter(call, settings_.timeout);
  const std::string number = numberOfEndedRun(request.job, request.scenario, request.attempt, call);
  const std::string answer = home_.ask({"artifacts", request.job, number}, {}, shorter);
  if (firstLine(answer) != "=known") throw noSuchJob(request.job);
  std::vector<Artifact> found;
  git::split(behindFirstLine(answer), '\n', [&](std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || found.size() >= kMostArtifacts) return;
    const std::string name(line.substr(space + 1));
    if (isArtifactName(name)) found.push_back({name, numberAfter(line.substr(0, space), "")});
  });
  const auto isBefore = [](const Artifact& a, const Artifact& b) { return a.name < b.name; };
  const auto isSame = [](const Artifact& a, const Artifact& b) { return a.name == b.name; };
  std::stable_sort(found.begin(), found.end(), isBefore);
  found.erase(std::unique(found.begin(), found.end(), isSame), found.end());
  return Artifacts{std::move(found)};
}

LogPart SshExecutor::read_artifact(const ArtifactRequest& request, Call& call) {
  const FilePart part(request.offset, request.limit);
  const ShorterCall shorter(call, settings_.timeout);
  const std::string number = numberOfEndedRun(request.job, request.scenario, request.attempt, call);
  if (isArtifactName(request.name)) {
    const std::string answer =
        home_.read({"artifact", request.job, number, request.name, part.firstBlock(), part.blocks()},
                   part.longestAnswer(), shorter);
    if (firstLine(answer) != "=unknown") return part.outOf(answer, 0, connection_.name());
  }
  throw NotFound("the run has left no file of this name");
}

JobList SshExecutor::list(const ListRequest& request, Call& call) {
  const auto limit = static_cast<std::size_t>(std::clamp<int64_t>(request.limit, 1, kBatch));
  const std::string answer = home_.ask({"list"}, {}, ShorterCall(call, settings_.timeout));
  std::vector<std::string> ids;
  git::split(answer, '\n', [&](std::string_view id) {
    if (id > request.after && isJobId(std::string(id))) ids.emplace_back(id);
  });
  std::sort(ids.begin(), ids.end());
  JobList list;
  if (ids.size() > limit) {
    ids.resize(limit);
    list.next = ids.back();
  }
  StatusRequest asked;
  for (const std::string& id : ids) asked.jobs.push_back({id, id});
  for (const JobStatus& job : status(asked, call).jobs) {
    if (job.state != State::unknown) list.jobs.push_back({job.job, job.job, job.state});  // removed meanwhile
  }
  return list;
}

Changes SshExecutor::wait_changes(const ChangesRequest& request, Call& call) {
  const Call::Clock::time_point end =
      Call(std::min<std::chrono::milliseconds>(request.timeout, call.remaining())).deadline();
  Changes changes;
  changes.cursor = isCursor(request.cursor) ? request.cursor : request.cursor.empty() ? "-" : "none";
  do {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Call::Clock::now());
    const auto turn = std::clamp<std::chrono::milliseconds>(left, std::chrono::milliseconds(0), kLongestWait);
    const std::string answer = home_.ask({"changes", changes.cursor, std::to_string(turn.count())}, {},
                                         ShorterCall(call, turn + settings_.timeout));
    constexpr std::string_view kCursor = "=cursor ";
    const std::string_view head = firstLine(answer);
    if (head.substr(0, kCursor.size()) != kCursor || !isCursor(head.substr(kCursor.size()))) {
      throw Unavailable("the answer of " + connection_.name() + " about changes cannot be read");
    }
    changes.cursor = head.substr(kCursor.size());
    git::split(behindFirstLine(answer), '\n', [&](std::string_view id) {
      if (isJobId(std::string(id))) changes.jobs.emplace_back(id);
    });
  } while (changes.jobs.empty() && Call::Clock::now() < end);
  return changes;
}

None SshExecutor::abort(const JobRef& ref, Call& call) {
  if (!isJobId(ref.job)) throw noSuchJob(ref.job);
  const std::string answer = home_.ask({"abort", ref.job}, {}, ShorterCall(call, settings_.timeout));
  if (firstLine(answer) == "=unknown") throw noSuchJob(ref.job);
  if (firstLine(answer) != "=known") throw Unavailable("the abort of job " + ref.job + " could not be stored");
  return {};
}

None SshExecutor::abort_run(const RunRef& ref, Call& call) {
  if (!isJobId(ref.job)) throw noSuchJob(ref.job);
  const std::optional<std::size_t> number = numberOf(*recordOf(ref.job, call), ref.scenario, ref.attempt);
  if (!number) throw noSuchRun(ref.job, ref.scenario, ref.attempt);
  const std::string answer =
      home_.ask({"abort_run", ref.job, std::to_string(*number)}, {}, ShorterCall(call, settings_.timeout));
  if (firstLine(answer) == "=unknown") throw noSuchJob(ref.job);
  if (firstLine(answer) != "=known") throw Unavailable("the abort of job " + ref.job + " could not be stored");
  return {};
}

None SshExecutor::remove(const JobRef& ref, Call& call) {
  local_executor::checkJobId(ref.job);
  // What a job has started is given its grace and then killed; all of that takes a moment over there.
  const auto patience = std::chrono::duration_cast<std::chrono::seconds>(
      std::min<std::chrono::milliseconds>(call.remaining(), settings_.timeout + settings_.abort_grace));
  const int64_t seconds = std::max<int64_t>(1, (patience - kRemovalMargin).count());
  const std::string answer = home_.ask({"remove", ref.job, std::to_string(seconds)}, {}, call);
  forget(ref.job);
  if (firstLine(answer) == "=removed") return {};
  throw Unavailable("job " + ref.job + " is still being removed from " + connection_.name() +
                    ": its processes or files are not all gone yet");
}

Health SshExecutor::health(const HealthRequest&, Call& call) {
  Health health;
  health.state = HealthState::ok;
  health.slots = terms_.slots;
  try {
    const ShorterCall shorter(call, kHealthLimit);
    const std::string answer = home_.ask({"health"}, {}, shorter);
    git::split(answer, '\n', [&](std::string_view line) {
      constexpr std::string_view kMissing = "=missing ", kVersion = "=version git version ";
      health.slots_used += numberAfter(line, "=used ");
      health.queued += numberAfter(line, "=queued ");
      if (line.substr(0, kVersion.size()) == kVersion) {
        health.version = "git " + cleanUtf8(line.substr(kVersion.size()).substr(0, 100));
      }
      if (line.substr(0, kMissing.size()) == kMissing) {
        health.state = HealthState::down;
        health.message = connection_.name() + " has no program `" +
                         cleanUtf8(line.substr(kMissing.size()).substr(0, 40)) + "`: install it there";
      }
      if (line == "=unwritable") {
        health.state = HealthState::down;
        health.message = "the folder " + rootOf(settings_) + " on " + connection_.name() + " cannot be written to";
      }
    });
    if (health.state == HealthState::ok) repository_.probe(shorter);
  } catch (const Error& error) {
    health.state = HealthState::down;
    health.message = error.what();
  }
  return health;
}

RecordPtr SshExecutor::recordOf(const std::string& job, Call& call) {
  if (RecordPtr record = knownRecord(job)) return record;
  const std::string answer = home_.ask({"known", job}, {}, ShorterCall(call, settings_.timeout));
  if (firstLine(answer) != "=known") throw noSuchJob(job);
  RecordPtr record = std::make_shared<const Record>(readRecord(behindFirstLine(answer)));
  remember(job, record);
  return record;
}

RecordPtr SshExecutor::knownRecord(const std::string& job) const {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(job);
  return found == records_.end() ? nullptr : found->second;
}

void SshExecutor::remember(const std::string& job, RecordPtr record) {
  const std::lock_guard lock(mutex_);
  if (records_.size() >= kMostRecords) records_.clear();
  records_[job] = std::move(record);
}

void SshExecutor::forget(const std::string& job) {
  const std::lock_guard lock(mutex_);
  records_.erase(job);
}

}  // namespace testarena::ssh_executor
