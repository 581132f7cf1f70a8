// SPDX-License-Identifier: Apache-2.0
#include "job_order.h"

#include <charconv>
#include <stdexcept>

namespace testarena::local_executor {
namespace {

// A run's entries follow its `run`, up to the next one.
void append(Notes& notes, const PlannedRun& run) {
  notes.add("run", run.request.scenario);
  notes.add("path", run.request.path);
  notes.add("attempt", run.request.attempt);
  notes.add("expanded_from", run.request.expanded_from);
  for (const std::string& argument : run.command) notes.add("argument", argument);
  notes.add("timeout_s", run.timeout_s);
  notes.add("lister", run.lister);
  notes.add("build_dir", run.build_dir);
  if (run.serial) notes.add("serial", 1);
  for (const std::string& lock : run.locks) notes.add("lock", lock);
  for (const std::string& test : run.after) notes.add("after", test);
  if (run.internal) notes.add("internal", 1);
}

int64_t toNumber(const std::string& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) throw std::runtime_error("no number: " + text);
  return number;
}

}  // namespace

Notes toNotes(const std::vector<PlannedRun>& runs) {
  Notes notes;
  for (const PlannedRun& run : runs) append(notes, run);
  return notes;
}

std::vector<PlannedRun> readRunPlans(const Notes& notes) {
  std::vector<PlannedRun> runs;
  for (const auto& [key, value] : notes.entries()) {
    if (key == "run") {
      runs.emplace_back().request.scenario = value;
      continue;
    }
    if (runs.empty()) continue;  // the job's own entries stand before
    PlannedRun& run = runs.back();
    if (key == "path") run.request.path = value;
    if (key == "attempt") run.request.attempt = toNumber(value);
    if (key == "expanded_from") run.request.expanded_from = value;
    if (key == "argument") run.command.push_back(value);
    if (key == "timeout_s") run.timeout_s = toNumber(value);
    if (key == "lister") run.lister = value;
    if (key == "build_dir") run.build_dir = value;
    if (key == "serial") run.serial = true;
    if (key == "lock") run.locks.push_back(value);
    if (key == "after") run.after.push_back(value);
    if (key == "internal") run.internal = true;
  }
  return runs;
}

Notes toNotes(const JobOrder& order) {
  Notes notes;
  notes.add("job", order.submission.job);
  notes.add("sequence", order.sequence);
  notes.add("environment", order.submission.environment);
  notes.add("user", order.submission.user);
  notes.add("branch", order.submission.branch);
  notes.add("commit", order.submission.commit);
  for (const std::string& argument : order.setup) notes.add("setup", argument);
  notes.add("setup_timeout_s", order.setup_timeout_s);
  for (const std::string& glob : order.kept) notes.add("kept", glob);
  for (const PlannedRun& run : order.runs) append(notes, run);
  return notes;
}

JobOrder readJobOrder(const Notes& notes) {
  JobOrder order;
  order.submission.job = notes.text("job");
  order.sequence = notes.number("sequence");
  order.submission.environment = notes.text("environment");
  order.submission.user = notes.text("user");
  order.submission.branch = notes.text("branch");
  order.submission.commit = notes.text("commit");
  order.setup = notes.all("setup");
  order.setup_timeout_s = notes.number("setup_timeout_s");
  order.kept = notes.all("kept");
  order.runs = readRunPlans(notes);
  for (const PlannedRun& run : order.runs) {
    if (!run.internal) order.submission.runs.push_back(run.request);
  }
  return order;
}

}  // namespace testarena::local_executor
