// SPDX-License-Identifier: Apache-2.0
// A real git repository for tests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace testarena::test {

/// With a work tree and the branch `main`, on which there is nothing yet. Every commit is by Ada Lovelace, and each one
/// is a minute later than the one before; the first is of 2026-01-01T00:00:00Z.
class TestRepository {
 public:
  explicit TestRepository(std::filesystem::path folder);

  const std::filesystem::path& path() const { return folder_; }

  void write(const std::string& path, const std::string& text);

  /// Everything that is in the work tree; returns the commit's id.
  std::string commit(const std::string& message);

  /// A branch at HEAD; HEAD stays where it is.
  void branch(const std::string& name);
  void switchTo(const std::string& branch);
  void tag(const std::string& name);

  /// Runs git in the work tree; throws if it fails. Returns what it wrote, without the last line break.
  std::string git(const std::vector<std::string>& arguments);

 private:
  std::filesystem::path folder_;
  int commits_ = 0;
};

}  // namespace testarena::test
