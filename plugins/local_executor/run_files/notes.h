// SPDX-License-Identifier: Apache-2.0
// Small text files of `key value` lines: the form of everything the executor writes down about jobs and runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testarena::local_executor {

/// Entries in order; a key may come several times (lists). Values are any bytes: control characters and backslashes are
/// escaped, so that a file is always one entry a line, can be read by people, and ends where it should: the last line
/// is `end`, and a file without it is refused as cut short.
class Notes {
 public:
  void add(std::string_view key, std::string_view value) { entries_.emplace_back(key, value); }
  void add(std::string_view key, int64_t value) { add(key, std::string_view(std::to_string(value))); }

  /// The first value of the key; throws std::runtime_error if there is none, or if it is no number.
  const std::string& text(std::string_view key) const;
  int64_t number(std::string_view key) const;

  std::optional<int64_t> optionalNumber(std::string_view key) const;
  std::vector<std::string> all(std::string_view key) const;

  const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

  std::string render() const;

  /// Throws std::runtime_error on anything that `render` does not write.
  static Notes parse(std::string_view text);

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

}  // namespace testarena::local_executor
