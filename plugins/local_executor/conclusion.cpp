// SPDX-License-Identifier: Apache-2.0
#include "conclusion.h"

#include "ctest_runs.h"
#include "durable.h"
#include "file_time.h"
#include "kept_files.h"
#include "load_job.h"

namespace testarena::local_executor {
namespace {

void writeVerdict(const RunFolder& folder, const Verdict& verdict) {
  Notes notes;
  notes.add("state", enumName(verdict.state));
  notes.add("reason", verdict.reason);
  writeDurably(folder.path() / "verdict", notes.render());
}

}  // namespace

bool needsConclusion(const JobOrder& job, const PlannedRun& plan) {
  return !plan.build_dir.empty() || !job.kept.empty();
}

Conclusion concludeRun(const JobOrder& job, const JobFolder& folder, const std::string& run, const PlannedRun& plan,
                       const RunResult& result) {
  const RunFolder files = folder.run(run);
  Conclusion conclusion;
  conclusion.verdict = judge(result, limitsOf(files));
  if (!needsConclusion(job, plan)) return conclusion;
  if (!plan.lister.empty()) {
    Expansion expansion = readListing(folder, run, plan, result, conclusion.verdict);
    conclusion.verdict = expansion.verdict;
    conclusion.isExpanded = !expansion.tests.empty();
    conclusion.tests = std::move(expansion.tests);
    // Before the verdict: what has a verdict is not concluded again.
    if (conclusion.isExpanded) writeDurably(folder.expansion(run), toNotes(conclusion.tests).render());
  } else if (!plan.build_dir.empty()) {
    conclusion.verdict = judgeCtestRun(files, plan, result, conclusion.verdict);
  }
  if (plan.lister.empty() && result.started_at_us && !job.kept.empty()) {
    keepFiles(folder.checkout(), job.kept, changedAt(files.startMarkFile()), files.kept());
  }
  writeVerdict(files, conclusion.verdict);
  return conclusion;
}

std::optional<Verdict> readVerdict(const RunFolder& folder) {
  const std::optional<std::string> text = readIfThere(folder.path() / "verdict");
  if (!text) return std::nullopt;
  const Notes notes = Notes::parse(*text);
  return Verdict{enumValue<State>(notes.text("state")).value_or(State::errored), notes.text("reason")};
}

}  // namespace testarena::local_executor
