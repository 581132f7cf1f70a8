// SPDX-License-Identifier: Apache-2.0
#include "executor_contract.h"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace testarena::contract {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 60s;  // only a failure waits that long

}  // namespace

ExecutorContract::ExecutorContract() : subject_(GetParam().make()), scenarios_(subject_->scenarios()) {}

ExecutorContract::~ExecutorContract() {
  // What sleeps is not to go on after its test.
  for (const auto& [id, handle] : handles_) {
    try {
      Call call(kPatience);
      executor().remove({id, handle}, call);
    } catch (const Error&) {  // the test itself says what matters
    }
  }
}

ExecutorCapabilities ExecutorContract::capabilities() {
  Call call(kPatience);
  return executor().capabilities({}, call);
}

Submission ExecutorContract::job(const std::string& id, const std::vector<std::string>& scenarios) {
  Submission submission = subject_->submission(id);
  for (const std::string& scenario : scenarios) submission.runs.push_back({scenario, "", 1, ""});
  return submission;
}

Submitted ExecutorContract::submit(const Submission& submission) {
  Call call(kPatience);
  const Submitted submitted = executor().submit(submission, call);
  handles_.emplace_back(submission.job, submitted.handle);
  return submitted;
}

JobRef ExecutorContract::ref(const std::string& id) const {
  for (const auto& [job, handle] : handles_) {
    if (job == id) return {job, handle};
  }
  return {id, ""};
}

JobStatus ExecutorContract::status(const std::string& id) {
  Call call(kPatience);
  const StatusAnswer answer = executor().status({{ref(id)}}, call);
  if (answer.jobs.size() != 1) throw std::runtime_error("one job was asked for, and the answer has another number");
  return answer.jobs.front();
}

JobStatus ExecutorContract::waitFor(const std::string& id, const std::function<bool(const JobStatus&)>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    JobStatus now = status(id);
    if (condition(now)) return now;
    if (std::chrono::steady_clock::now() > end) {
      throw std::runtime_error("waited in vain; job " + id + " is " + std::string(enumName(now.state)) + " " +
                               now.reason);
    }
    std::this_thread::sleep_for(5ms);
  }
}

JobStatus ExecutorContract::waitForEnd(const std::string& id) {
  return waitFor(id, [](const JobStatus& job) { return hasEnded(job.state); });
}

void ExecutorContract::waitUntilRunning(const std::string& id) {
  waitFor(id, [](const JobStatus& job) { return !job.runs.empty() && job.runs.front().state == State::in_progress; });
}

bool ExecutorContract::isUnknown(const std::string& id) {
  try {
    return status(id).state == State::unknown;
  } catch (const Invalid&) {
    return true;
  }
}

LogPart ExecutorContract::readLog(const std::string& id, const std::string& scenario, int64_t offset, int64_t limit) {
  Call call(kPatience);
  return executor().read_log({id, ref(id).handle, scenario, 1, offset, limit}, call);
}

std::string ExecutorContract::wholeLog(const std::string& id, const std::string& scenario) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  std::string text;
  for (;;) {
    const LogPart part = readLog(id, scenario, static_cast<int64_t>(text.size()));
    text += part.data.view();
    if (part.complete) return text;
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("the log of " + scenario + " is never complete");
    if (part.data.empty()) std::this_thread::sleep_for(5ms);
  }
}

void ExecutorContract::abort(const std::string& id) {
  Call call(kPatience);
  executor().abort(ref(id), call);
}

void ExecutorContract::abortRun(const std::string& id, const std::string& scenario, int64_t attempt) {
  Call call(kPatience);
  const JobRef job = ref(id);
  executor().abort_run({job.job, job.handle, scenario, attempt}, call);
}

void ExecutorContract::remove(const std::string& id) {
  Call call(kPatience);
  executor().remove(ref(id), call);
}

Code ExecutorContract::codeOf(const std::function<void()>& call) {
  try {
    call();
    return Code::ok;
  } catch (const Error& error) {
    EXPECT_STRNE(error.what(), "") << "an error says what was wrong";
    return error.code();
  }
}

}  // namespace testarena::contract
