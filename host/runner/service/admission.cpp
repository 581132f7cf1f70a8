// SPDX-License-Identifier: Apache-2.0
#include "admission.h"

#include <algorithm>
#include <map>

#include <testarena/error.h>

#include "json_reader.h"
#include "text.h"

namespace testarena::runner {
namespace {

constexpr std::size_t kMostScans = 64;

std::string taskPointer(const QueueRequest& request, std::size_t index) {
  return "/" + pointerStep(request.id) + "/1/" + pointerStep(request.tasks[index].id);
}

std::string shown(const std::string& text) {
  return "'" + text + "'";
}

/// The scenario that a text means: a path before a name.
const Scenario& meant(const Scan& scan, const std::string& text, const std::string& commit,
                      const std::string& pointer) {
  const Scenario* byName = nullptr;
  const Scenario* byPath = nullptr;
  bool isAmbiguous = false;
  for (const Scenario& scenario : scan.scenarios) {
    if (scenario.name == text) byName = &scenario;
    if (scenario.path != text) continue;
    isAmbiguous = byPath != nullptr;
    byPath = &scenario;
  }
  if (isAmbiguous && byName == nullptr) {
    throw Invalid("several scenarios have the path " + shown(text) + ": name one of them instead", pointer);
  }
  if (byPath != nullptr && !isAmbiguous) return *byPath;
  if (byName != nullptr) return *byName;
  std::vector<std::string> known;
  for (const Scenario& scenario : scan.scenarios) {
    known.push_back(scenario.name);
    if (!scenario.path.empty()) known.push_back(scenario.path);
  }
  std::string message = "there is no scenario " + shown(text) + " on commit " + commit + didYouMean(text, known);
  if (scan.scenarios.empty() && !scan.diagnostics.empty()) message += ": " + scan.diagnostics.front().message;
  throw Invalid(message, pointer);
}

/// What a client says in so many words; only whether it exists is still to be seen.
void checkRun(const Scan& scan, const RunRequest& run, const std::string& commit, const std::string& pointer) {
  const std::string& name = run.expanded_from.empty() ? run.scenario : run.expanded_from;
  const auto found = std::find_if(scan.scenarios.begin(), scan.scenarios.end(),
                                  [&](const Scenario& scenario) { return scenario.name == name; });
  if (found == scan.scenarios.end()) {
    throw Invalid("there is no scenario " + shown(name) + " on commit " + commit, pointer);
  }
  if (!run.expanded_from.empty()) {
    if (!found->expands) throw Invalid("the scenario " + shown(name) + " is no lister of tests", pointer);
    return;
  }
  if (!run.path.empty() && run.path != found->path) {
    throw Invalid("the scenario " + shown(name) + " has the path " + shown(found->path) + " on commit " + commit +
                      ", not " + shown(run.path),
                  pointer);
  }
}

}  // namespace

Accepted Admission::admit(const QueueRequest& request, Call& call) {
  checkLabels(request);
  Accepted accepted;
  Submission& submission = accepted.submission;
  submission.job = request.id;
  submission.environment = request.environment;
  submission.user = request.user;
  submission.branch = request.source;
  submission.commit = commitOf(request, call);
  const Scenarios scenarios = scan(submission.commit, call);
  std::map<std::string, int64_t> attempts;
  for (std::size_t i = 0; i < request.tasks.size(); ++i) {
    const std::string pointer = taskPointer(request, i);
    accepted.tasks.push_back(request.tasks[i].id);
    if (!request.runs.empty()) {
      checkRun(*scenarios, request.runs[i], submission.commit, pointer);
      submission.runs.push_back(request.runs[i]);
      continue;
    }
    const Scenario& scenario = meant(*scenarios, request.tasks[i].scenario, submission.commit, pointer);
    // Who names a scenario twice wants it run twice.
    submission.runs.push_back({scenario.name, scenario.path, ++attempts[scenario.name], ""});
  }
  accepted.priority = request.priority;
  accepted.labels = request.labels;
  accepted.content = request.content();
  return accepted;
}

void Admission::checkLabels(const QueueRequest& request) const {
  for (std::size_t i = 0; i < request.labels.size(); ++i) {
    const std::string& label = request.labels[i];
    if (std::find(labels_.begin(), labels_.end(), label) != labels_.end()) continue;
    throw Invalid("this runner has no label " + shown(label) +
                      (labels_.empty() ? ": it has none" : "; it has: " + join(labels_, ", ")),
                  "/" + pointerStep(request.id) + "/2/labels/" + std::to_string(i));
  }
}

std::string Admission::commitOf(const QueueRequest& request, Call& call) {
  if (!request.commit.empty()) return request.commit;
  try {
    const Branch branch = discoverer_.resolve({request.source, {}}, call);
    if (branch.found) return branch.commit;
  } catch (const Invalid& error) {
    throw Invalid(error.what(), "/source");
  }
  throw Invalid("there is no branch " + shown(request.source), "/source");
}

Admission::Scenarios Admission::scan(const std::string& commit, Call& call) {
  std::shared_ptr<Scanned> scanned;
  {
    const std::lock_guard lock(mutex_);
    const auto known =
        std::find_if(scans_.begin(), scans_.end(), [&](const auto& entry) { return entry.first == commit; });
    if (known != scans_.end()) {
      scanned = known->second;
    } else {
      scanned = scans_.emplace_back(commit, std::make_shared<Scanned>()).second;
      if (scans_.size() > kMostScans) scans_.pop_front();
    }
  }
  const std::lock_guard looking(scanned->looking);
  if (!scanned->scan) {
    try {
      scanned->scan = std::make_shared<const Scan>(discoverer_.scan({commit}, call));
    } catch (const NotFound&) {
      throw Invalid("there is no commit " + commit, "/commit");
    }
  }
  return scanned->scan;
}

}  // namespace testarena::runner
