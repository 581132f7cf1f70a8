// SPDX-License-Identifier: Apache-2.0
// What is wrong with a configuration: everything at once, each with its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <testarena/error.h>

#include "value.h"

namespace testarena {

struct Problem {
  enum class Severity { error, warning };

  Severity severity = Severity::error;
  Origin origin;
  std::string path;     ///< key path, `environment[0].executor.url`; may be empty
  std::string message;  ///< what is wrong, and the nearest right thing

  /// "testarena.toml:7:3: environment[0].executor.slots: must be an integer (got "many")"
  std::string line() const;
};

/// Collects problems; the caller decides when to give up.
class Problems {
 public:
  void error(const Origin& origin, std::string path, std::string message);
  void warning(const Origin& origin, std::string path, std::string message);
  void add(Problem problem) { all_.push_back(std::move(problem)); }

  const std::vector<Problem>& all() const { return all_; }
  bool hasErrors() const;

  /// The lines of all errors, one below the other.
  std::string errorText() const;

  /// Throws ConfigurationError if there is an error.
  void throwIfErrors() const;

 private:
  std::vector<Problem> all_;
};

/// A configuration that cannot be used; the message has one line for each error. Programs end with exit code 78.
class ConfigurationError : public Invalid {
 public:
  explicit ConfigurationError(std::vector<Problem> problems);
  ConfigurationError(const Origin& origin, std::string path, std::string message);

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// `parent.key`, with quotes where the key is no plain word.
std::string keyPath(std::string_view parent, std::string_view key);
std::string keyPath(std::string_view parent, std::size_t index);

}  // namespace testarena
