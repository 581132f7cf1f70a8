// SPDX-License-Identifier: Apache-2.0
// That a server is a testarena-runner is remembered for all lives of the host: one wrong answer, of a proxy or of the
// runner itself, must not make an existing server of it, which is sent less and promises less.
#pragma once

#include <filesystem>
#include <string>

namespace testarena::http_executor {

/// For one thread at a time.
class RunnerMemory {
 public:
  explicit RunnerMemory(const std::filesystem::path& folder) : file_(folder / "runner") {}

  const std::filesystem::path& file() const { return file_; }
  /// Whether there was a runner at this address.
  bool remembers(const std::string& address) const;
  /// Durable when it returns.
  void remember(const std::string& address) const;

 private:
  const std::filesystem::path file_;
};

}  // namespace testarena::http_executor
