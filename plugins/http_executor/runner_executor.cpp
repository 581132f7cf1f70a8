// SPDX-License-Identifier: Apache-2.0
#include "runner_executor.h"

#include <algorithm>
#include <utility>

#include <testarena/json.h>

#include "json_record.h"
#include "queue_form.h"
#include "submission_check.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;

constexpr int64_t kMostOfAFile = int64_t{4} << 20;
constexpr int64_t kFar = int64_t{1} << 52;  // beyond the end of anything
constexpr std::uint64_t kMostJson = std::uint64_t{32} << 20;
constexpr auto kLongestWait = 30s;  // what the protocol allows
constexpr auto kWaysTime = 5s;      // more than the runner waits, for the way there and back

/// The third element of a queue's array.
struct QueueExtra {
  std::string commit;
  std::string user;
  std::vector<RunRequest> runs;
  TA_FIELDS(commit, user, runs)
};

[[noreturn]] void refuse(const http::Request& request, const http::Answer& answer) {
  const std::string what = request.method + " " + request.target + " was answered by " + said(answer);
  switch (answer.status) {
    case 400:
    case 413:
    case 422:
      throw Invalid(what);
    case 401:
    case 403:
      throw Denied(what + ": check `token`");
    case 404:
      throw NotFound(what);
    case 409:
      throw Conflict(what);
    default:
      throw Unavailable(what);
  }
}

template <class Record>
Record recordOf(const http::Request& request, const http::Answer& answer) {
  try {
    return json::read<Record>(jsonOf(request, answer));
  } catch (const Invalid& error) {
    throw Unavailable("the answer to " + request.method + " " + request.target + " is not understood: " + error.what());
  }
}

std::string query(const std::string& scenario, int64_t attempt) {
  return "?scenario=" + http::percentEncoded(scenario) + "&attempt=" + std::to_string(attempt);
}

}  // namespace

std::string RunnerExecutor::queueInPath(const std::string& job) const {
  checkJobId(job);
  return inPath(profile_.queueOf(job));
}

std::string RunnerExecutor::jobOf(const std::string& queue) const {
  const std::string& prefix = profile_.settings.id_prefix;
  return queue.compare(0, prefix.size(), prefix) == 0 ? queue.substr(prefix.size()) : "";
}

http::Answer RunnerExecutor::ask(const http::Request& request, const Call& call) {
  http::Exchange exchange = remote_.send(request, call);
  exchange.whole();
  if (exchange.answer.status != 200) refuse(request, exchange.answer);
  return std::move(exchange.answer);
}

void RunnerExecutor::command(const http::Request& request, const std::string& id, const Call& call) {
  const auto told = jsonOf(request, ask(request, call)).word("id");
  if (told == id) return;
  throw Unavailable("the answer to " + request.method + " " + request.target + " is about '" +
                    told.value_or("nothing") + "'");
}

// ---- Jobs

Submitted RunnerExecutor::submit(const Submission& submission, Call& call) {
  check(submission);
  const std::string queue = profile_.queueOf(submission.job);
  JobRecord record;
  record.submission = submission;
  record.runs.resize(submission.runs.size());
  const bool isNew = !book_.load(submission.job);
  if (isNew) book_.save(record);
  http::Request request = remote_.postOf(
      profile_.paths + "/queue",
      queueBody(profile_, submission, toJson(QueueExtra{submission.commit, submission.user, submission.runs})));
  request.repeatable = true;  // the runner knows the id
  try {
    const http::Answer answer = ask(request, call);
    const auto id = jsonOf(request, answer).word("queue_id");
    if (id != queue) {
      throw Unavailable("the answer to POST " + request.target + " is about '" + id.value_or("nothing") + "'");
    }
  } catch (const NotFound& error) {
    throw Unavailable(std::string(error.what()) + ": check `url` and `prefix`");
  } catch (const Invalid&) {
    if (isNew) book_.forget(submission.job);
    throw;
  } catch (const Conflict&) {
    if (isNew) book_.forget(submission.job);
    throw;
  }
  return {queue};
}

StatusAnswer RunnerExecutor::status(const StatusRequest& request, Call& call) {
  StatusAnswer told;
  std::vector<JobRef> asked;
  for (const JobRef& ref : request.jobs) {
    told.jobs.emplace_back().job = ref.job;
    if (isJobId(ref.job)) asked.push_back({profile_.queueOf(ref.job), ref.handle});
  }
  std::vector<JobStatus> answers;
  if (!asked.empty()) askStatuses(asked, answers, call);
  auto next = answers.begin();
  for (JobStatus& job : told.jobs) {
    if (!isJobId(job.job)) continue;
    next->job = job.job;
    job = std::move(*next++);
  }
  return told;
}

void RunnerExecutor::askStatuses(const std::vector<JobRef>& asked, std::vector<JobStatus>& answers, const Call& call) {
  http::Request post = remote_.postOf(profile_.paths + "/statuses", toJson(StatusRequest{asked}));
  post.repeatable = true;  // it only asks
  post.max_body = kMostJson;
  StatusAnswer answer;
  try {
    answer = recordOf<StatusAnswer>(post, ask(post, call));
  } catch (const Exhausted&) {
    if (asked.size() == 1) throw;
    // Jobs may have thousands of runs: as many at once as one answer can tell.
    const auto middle = asked.begin() + static_cast<std::ptrdiff_t>(asked.size() / 2);
    askStatuses({asked.begin(), middle}, answers, call);
    askStatuses({middle, asked.end()}, answers, call);
    return;
  }
  if (answer.jobs.size() != asked.size()) {
    throw Unavailable("the answer to POST " + post.target + " is about " + std::to_string(answer.jobs.size()) +
                      " jobs instead of " + std::to_string(asked.size()));
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (answer.jobs[i].job != asked[i].job) {
      throw Unavailable("the answer to POST " + post.target + " is about job '" + answer.jobs[i].job + "' where '" +
                        asked[i].job + "' was asked for");
    }
    answers.push_back(std::move(answer.jobs[i]));
  }
}

None RunnerExecutor::abort(const JobRef& ref, Call& call) {
  const std::string path = profile_.control + "/abort/" + queueInPath(ref.job);
  command(remote_.request("POST", path), profile_.queueOf(ref.job), call);
  return {};
}

None RunnerExecutor::abort_run(const RunRef& ref, Call& call) {
  checkJobId(ref.job);
  const auto record = book_.load(ref.job);
  if (!record) throw NotFound("job " + ref.job + " is not known here");
  const auto& runs = record->submission.runs;
  const auto run = std::find_if(runs.begin(), runs.end(), [&](const RunRequest& one) {
    return one.scenario == ref.scenario && one.attempt == ref.attempt;
  });
  if (run == runs.end()) throw NotFound("job " + ref.job + " has no such run of its own");
  const std::string task = taskOf(profile_.queueOf(ref.job), static_cast<std::size_t>(run - runs.begin()));
  try {
    command(remote_.request("POST", profile_.control + "/abort/" + inPath(task)), task, call);
  } catch (const Conflict& error) {
    throw Unsupported(error.what());  // what its executor cannot do
  }
  return {};
}

None RunnerExecutor::remove(const JobRef& ref, Call& call) {
  http::Request request = remote_.request("DELETE", profile_.control + "/delete/" + queueInPath(ref.job));
  request.limit = std::chrono::hours(1);  // it ends what runs first: as long as the call allows
  try {
    command(request, profile_.queueOf(ref.job), call);
  } catch (const NotFound&) {  // the runner refuses the id from now on
  }
  book_.forget(ref.job);
  return {};
}

// ---- Files

LogPart RunnerExecutor::part(const std::string& target, int64_t offset, int64_t limit, const Call& call) {
  if (offset < 0) throw Invalid("an offset is not negative", "/offset");
  if (limit < 1) throw Invalid("a limit is at least 1", "/limit");
  limit = std::min(limit, kMostOfAFile);
  offset = std::min(offset, kFar);
  http::Request request =
      remote_.request("GET", target + "&offset=" + std::to_string(offset) + "&limit=" + std::to_string(limit));
  request.max_body = static_cast<std::uint64_t>(kMostOfAFile);
  http::Answer answer = ask(request, call);
  const auto complete = answer.field("x-log-complete");
  if (complete != "true" && complete != "false") {
    throw Unavailable("the answer to GET " + request.target + " does not say whether that is all");
  }
  LogPart part;
  part.complete = complete == "true" && answer.body.size() <= static_cast<std::size_t>(limit);
  if (answer.body.size() > static_cast<std::size_t>(limit)) answer.body.resize(static_cast<std::size_t>(limit));
  part.data = Bytes(std::move(answer.body));
  return part;
}

LogPart RunnerExecutor::read_log(const LogRequest& request, Call& call) {
  // Without `scenario` it is the job's own.
  const std::string which = request.scenario.empty() ? "?attempt=1" : query(request.scenario, request.attempt);
  return part(profile_.paths + "/log/" + queueInPath(request.job) + which, request.offset, request.limit, call);
}

Artifacts RunnerExecutor::list_artifacts(const ArtifactsRequest& request, Call& call) {
  http::Request get = remote_.request(
      "GET", profile_.paths + "/artifacts/" + queueInPath(request.job) + query(request.scenario, request.attempt));
  get.max_body = kMostJson;
  return recordOf<Artifacts>(get, ask(get, call));
}

LogPart RunnerExecutor::read_artifact(const ArtifactRequest& request, Call& call) {
  if (request.name.empty()) throw NotFound("a file has a name");
  return part(profile_.paths + "/artifact/" + queueInPath(request.job) + query(request.scenario, request.attempt) +
                  "&name=" + http::percentEncoded(request.name),
              request.offset, request.limit, call);
}

// ---- All jobs

JobList RunnerExecutor::list(const ListRequest& request, Call& call) {
  JobList list;
  std::string after = request.after;
  // Where several hosts share a runner, a page may have nothing of ours; an empty one would say that it was the last.
  do {
    http::Request get = remote_.request("GET", profile_.paths + "/jobs?after=" + http::percentEncoded(after) +
                                                   "&limit=" + std::to_string(std::max<int64_t>(1, request.limit)));
    get.max_body = kMostJson;
    auto page = recordOf<JobList>(get, ask(get, call));
    for (ListedJob& job : page.jobs) {
      job.handle = job.job;
      job.job = jobOf(job.job);
      if (!job.job.empty()) list.jobs.push_back(std::move(job));
    }
    if (!page.next.empty() && page.next == after) throw Unavailable("the pages of " + get.target + " have no end");
    after = list.next = page.next;
  } while (list.jobs.empty() && !after.empty());
  return list;
}

Changes RunnerExecutor::wait_changes(const ChangesRequest& request, Call& call) {
  const auto wait = std::clamp<std::chrono::milliseconds>(request.timeout, 0ms, kLongestWait);
  http::Request get =
      remote_.request("GET", profile_.paths + "/changes?cursor=" + http::percentEncoded(request.cursor) +
                                 "&timeout_ms=" + std::to_string(wait.count()));
  get.limit = wait + kWaysTime;
  get.max_body = kMostJson;
  auto changes = recordOf<Changes>(get, ask(get, call));
  std::vector<std::string> jobs;
  for (const std::string& queue : changes.jobs) {
    if (std::string job = jobOf(queue); !job.empty()) jobs.push_back(std::move(job));
  }
  changes.jobs = std::move(jobs);
  return changes;
}

Health RunnerExecutor::health(const HealthRequest&, Call& call) {
  const http::Request get = remote_.request("GET", profile_.paths + "/health");
  return recordOf<Health>(get, ask(get, call));
}

}  // namespace testarena::http_executor
