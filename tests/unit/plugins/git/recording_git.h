// SPDX-License-Identifier: Apache-2.0
// A git that writes down how it was called before it does what it is asked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "temporary_folder.h"

namespace testarena::test {

class RecordingGit {
 public:
  explicit RecordingGit(const std::filesystem::path& folder) : program_(folder / "git"), log_(folder / "argv") {
    writeFile(program_, "#!/bin/sh\n{ printf '%s\\0' \"$@\"; printf '\\n\\0'; } >> '" + log_.string() +
                            "'\nenv -0 > '" + environment().string() + "'\nexec git \"$@\"\n");
    std::filesystem::permissions(program_, std::filesystem::perms::owner_all);
  }

  std::string program() const { return program_.string(); }

  /// Of each call since the last time.
  std::vector<std::vector<std::string>> calls() {
    std::vector<std::vector<std::string>> calls(1);
    const std::string text = readFile(log_);
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\0', begin);
      const std::string word = text.substr(begin, end - begin);
      begin = end + 1;
      if (word == "\n") {
        calls.emplace_back();
      } else {
        calls.back().push_back(word);
      }
    }
    calls.pop_back();
    std::filesystem::remove(log_);
    return calls;
  }

  /// NAME=value of the last call, each followed by NUL.
  std::filesystem::path environment() const { return log_.string() + ".environment"; }

 private:
  std::filesystem::path program_;
  std::filesystem::path log_;
};

}  // namespace testarena::test
