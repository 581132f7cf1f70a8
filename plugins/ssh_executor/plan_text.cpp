// SPDX-License-Identifier: Apache-2.0
#include "plan_text.h"

#include <charconv>
#include <exception>

#include <testarena/error.h>

#include "shell_words.h"

namespace testarena::ssh_executor {
namespace {

using local_executor::Notes;
using local_executor::PlannedRun;

std::string assignment(const std::string& name, const std::string& value) {
  return name + "=" + ssh::shellQuoted(value) + "\n";
}

std::string assignment(const std::string& name, int64_t value) {
  return assignment(name, std::to_string(value));
}

/// A function that hands the words to whoever is named by its first argument.
std::string function(const std::string& name, const std::string& before, const std::vector<std::string>& words) {
  return name + "() {\n" + before + "\"$@\" " + ssh::commandLine(words) + "\n}\n";
}

/// The glob as an extended regular expression, for `grep -E`.
std::string expressionOf(std::string_view glob) {
  std::string expression = "^";
  while (!glob.empty()) {
    constexpr std::string_view kFolders = "**/";
    if (glob.substr(0, kFolders.size()) == kFolders) {
      expression += "(.*/)?";
      glob.remove_prefix(kFolders.size());
      continue;
    }
    const char c = glob.front();
    glob.remove_prefix(1);
    if (c == '*' || c == '?') {
      expression += c == '*' ? "[^/]*" : "[^/]";
    } else {
      if (std::string_view(".[](){}+^$|\\").find(c) != std::string_view::npos) expression += '\\';
      expression += c;
    }
  }
  return expression + "$";
}

void checkProgram(const std::vector<std::string>& command) {
  if (command.empty() || command[0].find('=') == std::string::npos) return;
  throw Invalid("the program '" + command[0] + "' has a '=' in its name: it cannot be run on another machine");
}

}  // namespace

Record makeRecord(local_executor::JobOrder order, const Terms& terms) {
  Record record;
  record.output_limit = terms.output_limit;
  record.setup_limit_ms = order.setup_timeout_s > 0 ? order.setup_timeout_s * 1000 : terms.setup_time_limit.count();
  for (const PlannedRun& run : order.runs) {
    if (!run.build_dir.empty()) {
      throw Invalid("'" + run.request.scenario +
                    "' belongs to a lister: tests of ctest cannot be run by ssh_executor; "
                    "name a scenario in .testarena.toml that runs ctest");
    }
    record.run_limits_ms.push_back(run.timeout_s > 0 ? run.timeout_s * 1000 : terms.time_limit.count());
  }
  record.order = std::move(order);
  return record;
}

std::string planText(const Record& record, const Terms& terms) {
  const local_executor::JobOrder& order = record.order;
  std::string sequence = std::to_string(order.sequence);
  sequence.insert(0, 20 - std::min<std::size_t>(20, sequence.size()), '0');  // so that names sort as numbers do
  std::string text = "# The job " + order.submission.job + " as it was accepted.\n";
  text += assignment("sequence", sequence);
  text += assignment("slots", terms.slots);
  text += assignment("commit", order.submission.commit);
  text += assignment("repository", terms.repository);
  text += assignment("path", terms.path);
  text += assignment("output_limit", record.output_limit);
  text += assignment("grace_ms", terms.abort_grace.count());
  text += "with_variables() {\nbecomer=$1\nshift\n\"$becomer\" " + ssh::commandLine(terms.variables) + " \"$@\"\n}\n";
  std::string patterns;
  for (const std::string& glob : order.kept) patterns += (patterns.empty() ? "" : "\n") + expressionOf(glob);
  text += assignment("kept_patterns", patterns);
  text += assignment("has_setup", order.setup.empty() ? "" : "yes");
  if (!order.setup.empty()) {
    checkProgram(order.setup);
    text += function("command_setup", assignment("limit_ms", record.setup_limit_ms), order.setup);
  }
  std::string runs;
  for (std::size_t i = 0; i < order.runs.size(); ++i) {
    const PlannedRun& run = order.runs[i];
    checkProgram(run.command);
    runs += (i == 0 ? "" : " ") + std::to_string(i);
    text += function("command_" + std::to_string(i),
                     assignment("scenario", run.request.scenario) + assignment("attempt", run.request.attempt) +
                         assignment("limit_ms", record.run_limits_ms[i]),
                     run.command);
  }
  text += assignment("runs", runs);
  text += "return 0\n#record\n";
  Notes notes = toNotes(order);
  notes.add("output_limit", record.output_limit);
  notes.add("setup_limit_ms", record.setup_limit_ms);
  for (const int64_t limit : record.run_limits_ms) notes.add("run_limit_ms", limit);
  return text + notes.render();
}

Record readRecord(std::string_view text) {
  try {
    const Notes notes = Notes::parse(text);
    Record record;
    record.order = local_executor::readJobOrder(notes);
    record.output_limit = notes.number("output_limit");
    record.setup_limit_ms = notes.number("setup_limit_ms");
    for (const std::string& limit : notes.all("run_limit_ms")) {
      int64_t number = 0;
      std::from_chars(limit.data(), limit.data() + limit.size(), number);
      record.run_limits_ms.push_back(number);
    }
    if (record.run_limits_ms.size() != record.order.runs.size()) throw std::runtime_error("limits are missing");
    return record;
  } catch (const std::exception& error) {
    throw Unavailable(std::string("the record of a job on the machine is damaged: ") + error.what());
  }
}

}  // namespace testarena::ssh_executor
