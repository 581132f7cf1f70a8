// SPDX-License-Identifier: Apache-2.0
#include "planner.h"

#include <algorithm>
#include <set>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "branch_name.h"
#include "ctest_runs.h"
#include "run_plan.h"

namespace testarena::local_executor {
namespace {

constexpr std::size_t kLongestId = 128;
constexpr std::size_t kLongestName = 1024;

bool isAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void checkText(const std::string& text, const std::string& what, const std::string& pointer) {
  if (text.size() > kLongestName) throw Invalid(what + " is longer than 1024 bytes", pointer);
  if (text.find('\0') != std::string::npos || cleanUtf8(text) != text)
    throw Invalid(what + " is no plain text", pointer);
}

manifest::Reading readCommit(git::Repository& repository, const std::string& commit, const manifest::Manifest& fallback,
                             const Call& call) {
  const std::optional<git::File> file = repository.find(commit, manifest::kFileName, call);
  if (!file) return manifest::checkManifest(fallback, "scenarios of the environment");
  return manifest::readManifest(repository.content(*file, manifest::kMaxFileSize, call));
}

std::vector<manifest::SourceFile> filesOf(git::Repository& repository, const std::string& commit, const Call& call) {
  std::vector<manifest::SourceFile> files;
  for (git::File& file : repository.files(commit, call)) {
    files.push_back({std::move(file.path), std::move(file.object), file.kind == git::FileKind::regular});
  }
  return files;
}

/// The request with the path that its scenario has on the commit. What a lister names is known only after setup.
RunRequest located(RunRequest run, const Scan& scan, const std::string& pointer) {
  if (!run.expanded_from.empty()) return run;
  const auto found = std::find_if(scan.scenarios.begin(), scan.scenarios.end(),
                                  [&](const Scenario& scenario) { return scenario.name == run.scenario; });
  if (found == scan.scenarios.end() || (!run.path.empty() && run.path != found->path)) {
    throw NotFound("the commit has no scenario '" + run.scenario + "'" + (run.path.empty() ? "" : " at " + run.path),
                   pointer);
  }
  run.path = found->path;
  return run;
}

/// For tests chosen by name: which of them may run at once is known only to their lister.
void addInternalListers(JobOrder& order) {
  std::vector<PlannedRun> added;
  for (const PlannedRun& test : order.runs) {
    if (test.request.expanded_from.empty()) continue;
    const auto lists = [&](const PlannedRun& run) { return !run.lister.empty() && run.build_dir == test.build_dir; };
    if (std::any_of(order.runs.begin(), order.runs.end(), lists) || std::any_of(added.begin(), added.end(), lists))
      continue;
    PlannedRun lister;
    lister.request = {test.request.expanded_from, "", test.request.attempt, ""};
    lister.lister = test.request.expanded_from;
    lister.build_dir = test.build_dir;
    lister.internal = true;
    added.push_back(std::move(lister));
  }
  order.runs.insert(order.runs.end(), added.begin(), added.end());
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

void checkJobId(const std::string& job) {
  const auto isAllowed = [](char c) { return isAlphanumeric(c) || c == '.' || c == ':' || c == '-'; };
  if (job.empty() || job.size() > kLongestId || !isAlphanumeric(job[0]) ||
      !std::all_of(job.begin(), job.end(), isAllowed)) {
    throw Invalid("no id of a job: '" + cleanUtf8(job.substr(0, 40)) + "'; it is 1 to 128 of A-Z a-z 0-9 _ . : - and " +
                      "begins with a letter, a digit or _",
                  "/job");
  }
}

void checkSubmission(const Submission& submission) {
  checkJobId(submission.job);
  checkText(submission.environment, "the environment", "/environment");
  checkText(submission.user, "the user", "/user");
  checkText(submission.branch, "the branch", "/branch");
  if (!git::isObjectName(submission.commit)) throw Invalid("no full name of a commit", "/commit");
  if (submission.runs.empty()) throw Invalid("a job has at least one run", "/runs");
  std::set<std::pair<std::string, int64_t>> seen;
  for (std::size_t i = 0; i < submission.runs.size(); ++i) {
    const RunRequest& run = submission.runs[i];
    const std::string pointer = "/runs/" + std::to_string(i);
    if (run.scenario.empty()) throw Invalid("a run names its scenario", pointer + "/scenario");
    checkText(run.scenario, "the scenario's name", pointer + "/scenario");
    checkText(run.path, "the scenario's path", pointer + "/path");
    checkText(run.expanded_from, "the lister's name", pointer + "/expanded_from");
    if (run.attempt < 1) throw Invalid("attempts count from 1", pointer + "/attempt");
    if (!seen.emplace(run.scenario, run.attempt).second) {
      throw Invalid("the scenario '" + run.scenario + "' comes twice with the same attempt", pointer);
    }
  }
}

JobOrder planJob(const Submission& submission, git::Repository& repository, const manifest::Manifest& fallback,
                 const std::filesystem::path& jobFolder, const Call& call) {
  // First, because of a commit that does not exist this is what is to be said.
  const std::vector<manifest::SourceFile> files = filesOf(repository, submission.commit, call);
  return planRuns(submission, readCommit(repository, submission.commit, fallback, call), files, jobFolder);
}

JobOrder planRuns(const Submission& submission, const manifest::Reading& reading,
                  const std::vector<manifest::SourceFile>& files, const std::filesystem::path& jobFolder) {
  if (reading.setup_is_broken) {
    throw Invalid("the setup of the commit has a mistake" +
                  (reading.diagnostics.empty() ? "" : ": " + reading.diagnostics.front().message));
  }
  const Scan scan = manifest::listScenarios(reading, files);
  const manifest::JobWords words{submission.job, submission.commit};

  JobOrder order;
  order.submission = submission;
  order.setup = manifest::planSetup(reading.manifest, words);
  order.setup_timeout_s = reading.manifest.setup.timeout_s;
  append(order.kept, reading.manifest.results.junit);
  append(order.kept, reading.manifest.results.tap);
  append(order.kept, reading.manifest.results.artifacts);
  for (std::size_t i = 0; i < submission.runs.size(); ++i) {
    const RunRequest run = located(submission.runs[i], scan, "/runs/" + std::to_string(i) + "/scenario");
    const RunFolder folder = JobFolder(jobFolder).run(std::to_string(i));
    const manifest::RunPlan plan = manifest::planRun(reading.manifest, run, words, ctestReport(folder).string());
    PlannedRun planned;
    planned.request = submission.runs[i];
    planned.command = plan.argv;
    planned.timeout_s = plan.timeout_s;
    planned.lister = plan.expands ? plan.lister : std::string();
    planned.build_dir = plan.lister.empty() ? std::string() : plan.build_dir;
    order.runs.push_back(std::move(planned));
  }
  addInternalListers(order);
  return order;
}

}  // namespace testarena::local_executor
