// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"

#include <CLI/CLI.hpp>

namespace testarena {

void addCommonOptions(CLI::App& command, CommonOptions& options) {
  command.add_option("--config", options.config, "Configuration file; conf.d/*.toml beside it is read as well")
      ->required()
      ->check(CLI::ExistingFile);
  command.add_option("--set", options.overrides, "Set a key: --set server.listen=127.0.0.1:0");
  command.add_option("--log-format", options.log_format, "text or json")->check(CLI::IsMember({"text", "json"}));
}

}  // namespace testarena
