// SPDX-License-Identifier: Apache-2.0
#include "manifest_rules.h"

#include <algorithm>

#include <testarena/utf8.h>

#include "glob.h"
#include "nearest.h"

namespace testarena::manifest {
namespace {

constexpr std::size_t kLongestName = 250;
constexpr std::size_t kLongestTag = 60;
constexpr std::size_t kMostTags = 30;
constexpr std::size_t kLongestDescription = 1000;
constexpr int64_t kLongestTimeout = 7 * 24 * 3600;

bool hasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void checkCommand(const std::vector<std::string>& command, std::vector<Problem>& problems) {
  if (command.empty() || command.front().empty()) {
    problems.push_back({"command", "the command is empty: name the program, as in [\"sh\", \"{path}\"]"});
  }
  for (const std::string& word : command) {
    if (word.find('\0') == std::string::npos) continue;
    problems.push_back({"command", "a word of the command has a NUL character, no program can be given one"});
    break;
  }
}

void checkTimeout(int64_t timeout, std::vector<Problem>& problems) {
  if (timeout >= 0 && timeout <= kLongestTimeout) return;
  problems.push_back({"timeout_s", "timeout_s is " + std::to_string(timeout) + ", it must be 1 to " +
                                       std::to_string(kLongestTimeout) + " seconds"});
}

void checkTags(const std::vector<std::string>& tags, std::vector<Problem>& problems) {
  if (tags.size() > kMostTags)
    problems.push_back({"tags", "there are more than " + std::to_string(kMostTags) + " tags"});
  for (const std::string& tag : tags) {
    if (!tag.empty() && tag.size() <= kLongestTag && !hasControl(tag)) continue;
    problems.push_back({"tags", "a tag is a text of 1 to " + std::to_string(kLongestTag) + " bytes in one line"});
    break;
  }
}

void checkGlobs(const char* key, const std::vector<std::string>& globs, std::vector<Problem>& problems) {
  for (const std::string& glob : globs) {
    if (const std::string why = whyNoGlob(glob); !why.empty()) {
      problems.push_back({key, "the pattern '" + cleanUtf8(glob.substr(0, 100)) + "' " + why});
    }
  }
}

void checkLister(const Table& table, std::vector<Problem>& problems) {
  if (table.lister != kCtest) {
    problems.push_back({"lister", "there is no lister '" + table.lister + "'" + suggestion(table.lister, {kCtest})});
  }
  if (!table.command.empty()) problems.push_back({"command", "a lister has no command: it knows how to run its tests"});
  if (const std::string why = whyNoPath(table.build_dir); !why.empty()) {
    problems.push_back({"build_dir", "the build_dir '" + cleanUtf8(table.build_dir.substr(0, 100)) + "' " + why});
  }
}

void checkPlain(const Table& table, std::vector<Problem>& problems) {
  if (!table.glob.empty()) checkGlobs("glob", {table.glob}, problems);
  if (!table.name.empty()) {
    if (const std::string why = whyNoName(table.name); !why.empty()) problems.push_back({"name", "the name " + why});
  }
  checkCommand(table.command, problems);
  if (!table.build_dir.empty()) problems.push_back({"build_dir", "build_dir belongs to a lister"});
}

}  // namespace

std::string whyNoName(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > kLongestName) return "is longer than " + std::to_string(kLongestName) + " bytes";
  if (!isUtf8(name)) return "is no UTF-8";
  if (hasControl(name)) return "has a control character";
  return {};
}

const std::string& ownName(const Table& table) {
  return table.lister.empty() ? table.name : table.lister;
}

std::vector<Problem> problemsOf(const Setup& setup) {
  std::vector<Problem> problems;
  checkCommand(setup.command, problems);
  checkTimeout(setup.timeout_s, problems);
  return problems;
}

std::vector<Problem> problemsOf(const Table& table) {
  std::vector<Problem> problems;
  const int kinds = (table.glob.empty() ? 0 : 1) + (table.name.empty() ? 0 : 1) + (table.lister.empty() ? 0 : 1);
  if (kinds != 1) {
    problems.push_back(
        {"", std::string("a [[scenarios]] table has exactly one of glob, name and lister; this one has ") +
                 (kinds == 0 ? "none" : "several")});
    return problems;
  }
  if (table.lister.empty()) {
    checkPlain(table, problems);
  } else {
    checkLister(table, problems);
  }
  checkTimeout(table.timeout_s, problems);
  checkTags(table.tags, problems);
  if (table.description.size() > kLongestDescription) {
    problems.push_back(
        {"description", "the description is longer than " + std::to_string(kLongestDescription) + " bytes"});
  }
  return problems;
}

std::vector<Problem> problemsOf(const Results& results) {
  std::vector<Problem> problems;
  checkGlobs("junit", results.junit, problems);
  checkGlobs("tap", results.tap, problems);
  checkGlobs("artifacts", results.artifacts, problems);
  return problems;
}

}  // namespace testarena::manifest
