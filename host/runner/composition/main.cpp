// SPDX-License-Identifier: Apache-2.0
// The program `testarena-runner`: reads the command line and runs one command.
#include <iostream>

#include <CLI/CLI.hpp>

#include "breadcrumb.h"
#include "commands.h"
#include "refused.h"

namespace {

using namespace testarena;
using namespace testarena::runner;

void addCommonOptions(CLI::App& command, CommonOptions& options) {
  command.add_option("--config", options.config, "Configuration file; conf.d/*.toml beside it is read as well")
      ->required()
      ->check(CLI::ExistingFile);
  command.add_option("--set", options.overrides, "Set a key: --set server.listen=127.0.0.1:0");
  command.add_option("--log-format", options.log_format, "text or json")->check(CLI::IsMember({"text", "json"}));
}

int run(int argc, char** argv) {
  CLI::App app(
      "testarena-runner: runs tests on this machine for a TestArena server, or for any client of its protocol");
  app.require_subcommand(1);
  CommonOptions options;
  bool json = false;
  std::string name;

  auto* serveCommand = app.add_subcommand("serve", "Run the runner");
  addCommonOptions(*serveCommand, options);
  auto* checkCommand =
      app.add_subcommand("check-config", "Check the configuration, plugins included, without starting");
  addCommonOptions(*checkCommand, options);
  auto* tokenCommand = app.add_subcommand("token", "Make a token for a client, and its hash for the configuration");
  tokenCommand->add_option("name", name, "What the client is called in the configuration")->required();
  tokenCommand->add_flag("--json", json, "As JSON");
  auto* versionCommand = app.add_subcommand("version", "Which build this is");
  versionCommand->add_flag("--json", json, "As JSON");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }

  if (*checkCommand) return checkConfiguration(options);
  if (*tokenCommand) return makeToken(name, json);
  if (*versionCommand) return showVersion(json);
  plugin_host::reportCrashes();
  return serve(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const testarena::ConfigurationError& error) {
    std::cerr << error.what() << "\n";
    return testarena::kExitConfiguration;
  } catch (const testarena::plugin_host::Refused& error) {
    std::cerr << "testarena-runner: " << error.what() << "\n";
    return testarena::kExitConfiguration;
  } catch (const std::exception& error) {
    std::cerr << "testarena-runner: " << error.what() << "\n";
    return testarena::kExitFailed;
  }
}
