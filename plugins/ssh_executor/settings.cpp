// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <algorithm>
#include <string_view>

#include <testarena/error.h>
#include <testarena/utf8.h>

namespace testarena::ssh_executor {
namespace {

constexpr std::string_view kPath = "PATH=";
constexpr const char* kDefaultPath = "PATH=/usr/local/bin:/usr/bin:/bin";
constexpr const char* kDefaultLanguage = "LANG=C.UTF-8";
constexpr std::string_view kOwn[] = {"HOME", "TESTARENA_JOB", "TESTARENA_SCENARIO", "TESTARENA_ATTEMPT",
                                     "TESTARENA_OUTPUT"};

bool isLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void checkVariable(const std::string& variable, const std::string& pointer) {
  const std::size_t equals = variable.find('=');
  const std::string name = variable.substr(0, equals);
  const auto isAllowed = [](char c) { return isLetterOrDigit(c) || c == '_'; };
  if (equals == std::string::npos || name.empty() || !std::all_of(name.begin(), name.end(), isAllowed) ||
      (name[0] >= '0' && name[0] <= '9')) {
    throw Invalid("'" + cleanUtf8(variable.substr(0, 80)) + "' is no variable: NAME=value is expected", pointer);
  }
  if (variable.find('\0') != std::string::npos) throw Invalid("a variable cannot contain a NUL", pointer);
  if (std::find(std::begin(kOwn), std::end(kOwn), name) != std::end(kOwn)) {
    throw Invalid("the variable " + name + " is set for each run by itself", pointer);
  }
}

bool names(const std::vector<std::string>& variables, std::string_view name) {
  return std::any_of(variables.begin(), variables.end(),
                     [&](const std::string& each) { return each.compare(0, name.size(), name) == 0; });
}

}  // namespace

Terms checkedTerms(const Settings& settings) {
  if (settings.slots < 1) throw Invalid("slots must be at least 1", "/slots");
  if (settings.output_limit < 0) throw Invalid("output_limit must not be negative", "/output_limit");
  if (settings.timeout.count() <= 0) throw Invalid("timeout must be longer than 0", "/timeout");
  Terms terms;
  terms.repository = settings.repository;
  terms.slots = settings.slots;
  terms.output_limit = settings.output_limit;
  terms.time_limit = settings.time_limit;
  terms.setup_time_limit = settings.setup_time_limit;
  terms.abort_grace = settings.abort_grace;
  for (std::size_t i = 0; i < settings.variables.size(); ++i) {
    checkVariable(settings.variables[i], "/variables/" + std::to_string(i));
  }
  terms.variables = settings.variables;
  if (!names(terms.variables, kPath)) {
    terms.variables.emplace_back(kDefaultPath);
    std::rotate(terms.variables.rbegin(), terms.variables.rbegin() + 1, terms.variables.rend());
  }
  if (!names(terms.variables, "LANG=")) terms.variables.emplace_back(kDefaultLanguage);
  for (const std::string& variable : terms.variables) {
    if (variable.compare(0, kPath.size(), kPath) == 0) terms.path = variable.substr(kPath.size());
  }
  return terms;
}

std::string rootOf(const Settings& settings) {
  if (settings.environment.empty()) throw Invalid("the name of the environment is missing", "/environment");
  std::string folder = settings.folder.empty() ? ".testarena" : settings.folder;
  if (folder.find('\0') != std::string::npos || folder.find('\n') != std::string::npos) {
    throw Invalid("a folder's name cannot contain NUL or a line break", "/folder");
  }
  if (folder.front() == '~') {
    throw Invalid("folder is an absolute path, or one relative to the home of the account; it begins with no ~",
                  "/folder");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  folder += "/";
  for (const char c : settings.environment) {
    if (isLetterOrDigit(c) || c == '-' || c == '_') {
      folder += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      folder += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return folder;
}

}  // namespace testarena::ssh_executor
