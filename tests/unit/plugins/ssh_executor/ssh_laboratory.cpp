// SPDX-License-Identifier: Apache-2.0
#include "ssh_laboratory.h"

#include <chrono>
#include <cstdio>

namespace testarena::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 60s;

}  // namespace

SshLaboratory::SshLaboratory(const SshServer::Options& options)
    : server_(options), repository_(server_.folder() / "repository") {
  settings.host = "127.0.0.1";
  settings.port = server_.port();
  settings.user = server_.user();
  settings.key_file = server_.key();
  settings.known_hosts_file = server_.knownHosts();
  settings.environment = "lab";
  settings.folder = server_.home() / "testarena";
  settings.repository = repository_.path();
  settings.slots = 2;
  settings.abort_grace = 200ms;
  write(".testarena.toml",
        "[[scenarios]]\nglob = \"scenarios/**/*.sh\"\ncommand = [\"sh\", \"{path}\"]\ntimeout_s = 60\n");
}

SshLaboratory::~SshLaboratory() {
  for (const std::string& job : submitted_) {
    try {
      remove(job);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "the laboratory was not tidied: %s\n", error.what());
    }
  }
}

Executor& SshLaboratory::executor() {
  if (commit_.empty()) commit_ = repository_.commit("scenarios");
  if (!executor_) executor_ = std::make_unique<ssh_executor::SshExecutor>(settings, Host(host_));
  return *executor_;
}

Submission SshLaboratory::submission(const std::string& job, const std::vector<std::string>& scenarios) {
  executor();
  Submission submission{job, "lab", "ada", "main", commit_, {}};
  for (const std::string& scenario : scenarios) submission.runs.push_back({scenario, "", 1, ""});
  return submission;
}

void SshLaboratory::submit(const std::string& job, const std::vector<std::string>& scenarios) {
  Call call(kPatience);
  executor().submit(submission(job, scenarios), call);
  submitted_.insert(job);
}

JobStatus SshLaboratory::status(const std::string& job) {
  Call call(kPatience);
  return executor().status({{{job, job}}}, call).jobs.at(0);
}

JobStatus SshLaboratory::waitFor(const std::string& job, const std::function<bool(const JobStatus&)>& condition) {
  JobStatus now;
  waitUntil(
      [&] {
        try {
          now = status(job);
          return condition(now);
        } catch (const Unavailable&) {
          return false;
        }
      },
      "a state of job " + job);
  return now;
}

JobStatus SshLaboratory::waitForEnd(const std::string& job) {
  return waitFor(job, [](const JobStatus& now) { return hasEnded(now.state); });
}

void SshLaboratory::waitUntilRunning(const std::string& job) {
  waitFor(job, [](const JobStatus& now) { return now.runs.at(0).state == State::in_progress; });
}

void SshLaboratory::abort(const std::string& job) {
  Call call(kPatience);
  executor().abort({job, job}, call);
}

void SshLaboratory::remove(const std::string& job) {
  Call call(kPatience);
  executor().remove({job, job}, call);
  submitted_.erase(job);
}

std::string SshLaboratory::log(const std::string& job, const std::string& scenario) {
  std::string text;
  Call call(kPatience);
  for (;;) {
    const LogPart part = executor().read_log({job, job, scenario, 1, static_cast<int64_t>(text.size()), 1 << 20}, call);
    text += part.data.view();
    if (part.complete || part.data.empty()) return text;
  }
}

RunStatus SshLaboratory::runScript(const std::string& text) {
  ++jobs_;
  script(lastJob(), text);
  executor();
  commit_ = repository_.commit("another script");
  submit(lastJob(), {"scenarios/" + lastJob()});
  return waitForEnd(lastJob()).runs.at(0);
}

}  // namespace testarena::test
