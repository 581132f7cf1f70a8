// SPDX-License-Identifier: Apache-2.0
#include "json_reader.h"

namespace testarena {
namespace {

std::string linesOf(const std::vector<JsonProblem>& problems) {
  std::string text;
  for (const JsonProblem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += (problem.pointer.empty() ? std::string() : problem.pointer + ": ") + problem.message;
  }
  return text;
}

}  // namespace

JsonRefused::JsonRefused(std::vector<JsonProblem> problems)
    : Invalid(linesOf(problems), problems.empty() ? std::string() : problems.front().pointer),
      problems_(std::move(problems)) {}

std::string pointerStep(std::string_view name) {
  std::string step;
  for (const char c : name) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

}  // namespace testarena
