// SPDX-License-Identifier: Apache-2.0
// The commands of the program. Each returns the exit code; what is wrong is thrown.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "process_signals.h"
#include "runner_settings.h"

namespace testarena::runner {

/// What every command with a configuration gets from the command line.
struct CommonOptions {
  std::filesystem::path config;
  std::vector<std::string> overrides;  ///< `server.listen=127.0.0.1:0`
  std::string log_format;              ///< empty: the configuration's
};

/// Reads and checks the configuration; warnings go to the log. Throws ConfigurationError.
Settings loadRunnerSettings(const CommonOptions& options);

int serve(const CommonOptions& options);
int checkConfiguration(const CommonOptions& options);
int makeToken(const std::string& name, bool json);
int showVersion(bool json);

}  // namespace testarena::runner
