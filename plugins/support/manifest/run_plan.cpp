// SPDX-License-Identifier: Apache-2.0
#include "run_plan.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <testarena/error.h>

#include "ctest_lister.h"
#include "glob.h"
#include "scenario_list.h"

namespace testarena::manifest {
namespace {

using Word = std::pair<std::string_view, std::string>;

/// In one pass: what was put in for a word is not looked at again.
std::string filledIn(std::string_view text, const std::vector<Word>& words) {
  std::string result;
  while (!text.empty()) {
    const auto word = std::find_if(words.begin(), words.end(),
                                   [&](const Word& w) { return text.substr(0, w.first.size()) == w.first; });
    if (word == words.end()) {
      result += text.front();
      text.remove_prefix(1);
    } else {
      result += word->second;
      text.remove_prefix(word->first.size());
    }
  }
  return result;
}

const Table& tableOf(const Manifest& manifest, const RunRequest& run) {
  const auto isMeant = [&](const Table& table) {
    if (!run.expanded_from.empty()) return table.lister == run.expanded_from;
    if (!run.path.empty()) return !table.glob.empty() && globMatches(table.glob, run.path);
    return table.name == run.scenario || table.lister == run.scenario;
  };
  const auto table = std::find_if(manifest.scenarios.begin(), manifest.scenarios.end(), isMeant);
  const bool named = run.path.empty() || !run.expanded_from.empty() || scenarioName(run.path) == run.scenario;
  if (table == manifest.scenarios.end() || !named || run.scenario.empty()) {
    throw NotFound("the commit has no scenario '" + run.scenario + "'" +
                   (run.expanded_from.empty() ? "" : " of " + run.expanded_from));
  }
  return *table;
}

}  // namespace

std::vector<std::string> planSetup(const Manifest& manifest, const JobWords& words) {
  const std::vector<Word> filled = {Word{"{commit}", words.commit}, Word{"{job}", words.job}};
  std::vector<std::string> argv;
  for (const std::string& word : manifest.setup.command) argv.push_back(filledIn(word, filled));
  return argv;
}

RunPlan planRun(const Manifest& manifest, const RunRequest& run, const JobWords& words, std::string_view junit_file) {
  const Table& table = tableOf(manifest, run);
  RunPlan plan;
  plan.timeout_s = table.timeout_s;
  plan.lister = table.lister;
  plan.build_dir = table.build_dir;
  if (!run.expanded_from.empty()) {
    plan.argv = ctestRunCommand(table.build_dir, run.scenario, junit_file);
    return plan;
  }
  plan.expands = !table.lister.empty();
  // `sh -x.sh` would be an option.
  const std::string path = run.path.substr(0, 1) == "-" ? "./" + run.path : run.path;
  const std::vector<Word> filled = {Word{"{path}", path}, Word{"{name}", run.scenario}, Word{"{commit}", words.commit},
                                    Word{"{job}", words.job}};
  for (const std::string& word : table.command) plan.argv.push_back(filledIn(word, filled));
  return plan;
}

}  // namespace testarena::manifest
