// SPDX-License-Identifier: Apache-2.0
// From the command line to checked settings.
#pragma once

#include <filesystem>

#include "command_line.h"
#include "log.h"
#include "problems.h"
#include "settings.h"

namespace testarena {

/// Makes settings of all layers, and says what is wrong with them.
template <class Settings>
using SettingsReader = Settings (*)(const Value& tree, const std::filesystem::path& file, Problems& problems);

/// Reads all layers, lets `read` check them, and sets the log up as they say; warnings go to it. Settings has
/// `server.log_format` and `server.log_level`. Throws ConfigurationError.
template <class Settings>
Settings loadConfiguration(const CommonOptions& options, SettingsReader<Settings> read) {
  const auto tree = loadSettings({options.config, processEnvironment(), options.overrides});
  Problems problems;
  auto settings = read(tree, options.config, problems);
  problems.throwIfErrors();
  LogOptions log;
  log.format = logFormatFrom(options.log_format.empty() ? settings.server.log_format : options.log_format);
  log.level = logSeverityFrom(settings.server.log_level);
  configureLog(log);
  for (const auto& problem : problems.all()) Logger("configuration").warning("{}", problem.line());
  return settings;
}

}  // namespace testarena
