// SPDX-License-Identifier: Apache-2.0
// A plugin that is not taken, as one line: which file, what is wrong, both values where two differ, and the cure.
#pragma once

#include <filesystem>
#include <string>

#include <testarena/error.h>

namespace testarena::plugin_host {

/// doc/plugin-guide.md lists every reason.
class Refused : public Invalid {
 public:
  explicit Refused(const std::string& line) : Invalid(line) {}
  Refused(const std::filesystem::path& file, const std::string& why)
      : Invalid("plugin " + file.string() + ": " + why) {}
};

}  // namespace testarena::plugin_host
