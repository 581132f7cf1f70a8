// SPDX-License-Identifier: Apache-2.0
// What the commands of every program have in common on the command line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace testarena {

/// What every command with a configuration gets from the command line.
struct CommonOptions {
  std::filesystem::path config;
  std::vector<std::string> overrides;  ///< `server.listen=127.0.0.1:0`
  std::string log_format;              ///< empty: the configuration's
};

/// `options` must live until the command line is parsed.
void addCommonOptions(CLI::App& command, CommonOptions& options);

}  // namespace testarena
