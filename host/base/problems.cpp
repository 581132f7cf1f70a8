// SPDX-License-Identifier: Apache-2.0
#include "problems.h"

#include <algorithm>
#include <utility>

#include "log_line.h"

namespace testarena {
namespace {

std::string linesOf(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (problem.severity != Problem::Severity::error) continue;
    if (!text.empty()) text += '\n';
    text += problem.line();
  }
  return text;
}

}  // namespace

std::string Problem::line() const {
  std::string text = origin.describe() + ": ";
  if (severity == Severity::warning) text += "warning: ";
  if (!path.empty()) text += path + ": ";
  return text + message;
}

void Problems::error(const Origin& origin, std::string path, std::string message) {
  add({Problem::Severity::error, origin, std::move(path), std::move(message)});
}

void Problems::warning(const Origin& origin, std::string path, std::string message) {
  add({Problem::Severity::warning, origin, std::move(path), std::move(message)});
}

bool Problems::hasErrors() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const Problem& problem) { return problem.severity == Problem::Severity::error; });
}

std::string Problems::errorText() const {
  return linesOf(all_);
}

void Problems::throwIfErrors() const {
  if (hasErrors()) throw ConfigurationError(all_);
}

ConfigurationError::ConfigurationError(std::vector<Problem> problems)
    : Invalid(linesOf(problems)), problems_(std::move(problems)) {}

ConfigurationError::ConfigurationError(const Origin& origin, std::string path, std::string message)
    : ConfigurationError({Problem{Problem::Severity::error, origin, std::move(path), std::move(message)}}) {}

std::string keyPath(std::string_view parent, std::string_view key) {
  const bool plain = !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  std::string path(parent);
  if (!path.empty()) path += '.';
  if (plain) return path.append(key);
  path += '"';
  appendVisible(path, key.substr(0, 64));
  return path + (key.size() > 64 ? "…\"" : "\"");
}

std::string keyPath(std::string_view parent, std::size_t index) {
  return std::string(parent) + "[" + std::to_string(index) + "]";
}

}  // namespace testarena
