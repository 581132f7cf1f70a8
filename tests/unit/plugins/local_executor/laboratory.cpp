// SPDX-License-Identifier: Apache-2.0
#include "laboratory.h"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace testarena::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 60s;  // far more than anything here takes; only a failure waits for it

}  // namespace

void waitUntil(const std::function<bool()>& condition, const std::string& what) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("waited in vain: " + what);
    std::this_thread::sleep_for(5ms);
  }
}

std::string waitForFile(const std::filesystem::path& file) {
  std::string text;
  waitUntil(
      [&] {
        text = readFile(file);
        return !text.empty() && text.back() == '\n';
      },
      "the file " + file.string());
  text.pop_back();
  return text;
}

bool isAlive(pid_t pid) {
  const std::string status = readFile("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name = status.rfind(')');
  return name != std::string::npos && status.size() > name + 2 && status[name + 2] != 'Z' && status[name + 2] != 'X';
}

Laboratory::Laboratory() : repository_(folder_ / "repository") {
  settings.data = (folder_ / "data").string();
  settings.environment = "lab";
  settings.repository = repository_.path().string();
  settings.slots = 2;
  settings.abort_grace = 200ms;
  write(".testarena.toml",
        "[[scenarios]]\nglob = \"scenarios/**/*.sh\"\ncommand = [\"sh\", \"{path}\"]\ntimeout_s = 60\n");
}

Laboratory::~Laboratory() {
  if (commit_.empty()) return;
  try {
    Call call(kPatience);
    const JobList all = executor().list({}, call);
    for (const ListedJob& job : all.jobs) executor().remove({job.job, job.handle}, call);
  } catch (const std::exception& error) {
    fprintf(stderr, "the laboratory was not tidied: %s\n", error.what());
  }
}

Executor& Laboratory::executor() {
  if (commit_.empty()) commit_ = repository_.commit("scenarios");
  if (!executor_) executor_ = std::make_unique<local_executor::LocalExecutor>(settings, Host(host_));
  return *executor_;
}

void Laboratory::restart() {
  executor_.reset();
  executor();
  Call call(kPatience);
  executor().capabilities({}, call);
}

Submission Laboratory::submission(const std::string& job, const std::vector<std::string>& scenarios) {
  executor();
  Submission submission;
  submission.job = job;
  submission.environment = "lab";
  submission.user = "ada";
  submission.branch = "main";
  submission.commit = commit_;
  for (const std::string& scenario : scenarios) submission.runs.push_back({scenario, "", 1, ""});
  return submission;
}

void Laboratory::submit(const std::string& job, const std::vector<std::string>& scenarios) {
  Call call(kPatience);
  executor().submit(submission(job, scenarios), call);
}

JobStatus Laboratory::status(const std::string& job) {
  Call call(kPatience);
  return executor().status({{{job, job}}}, call).jobs.at(0);
}

RunStatus Laboratory::run(const std::string& job, const std::string& scenario) {
  for (const RunStatus& run : status(job).runs) {
    if (run.scenario == scenario) return run;
  }
  throw std::runtime_error("job " + job + " has no run of " + scenario);
}

JobStatus Laboratory::waitFor(const std::string& job, const std::function<bool(const JobStatus&)>& condition) {
  JobStatus now;
  waitUntil(
      [&] {
        now = status(job);
        return condition(now);
      },
      "a state of job " + job);
  return now;
}

JobStatus Laboratory::waitForEnd(const std::string& job) {
  return waitFor(job, [](const JobStatus& now) { return hasEnded(now.state); });
}

std::string Laboratory::log(const std::string& job, const std::string& scenario) {
  std::string text;
  Call call(kPatience);
  for (;;) {
    LogRequest request{job, job, scenario, 1, static_cast<int64_t>(text.size()), 1 << 20};
    const LogPart part = executor().read_log(request, call);
    text += part.data.view();
    if (part.complete || part.data.empty()) return text;
  }
}

RunStatus Laboratory::runScript(const std::string& text) {
  ++jobs_;
  script(lastJob(), text);
  commit_ = repository_.commit("another script");
  submit(lastJob(), {"scenarios/" + lastJob()});
  return waitForEnd(lastJob()).runs.at(0);
}

}  // namespace testarena::test
