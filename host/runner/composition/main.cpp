// SPDX-License-Identifier: Apache-2.0
// The program `testarena-runner`: reads the command line and runs one command.
#include <CLI/CLI.hpp>

#include "commands.h"
#include "exit_code.h"
#include "run_program.h"
#include "show_version.h"

namespace {

using namespace testarena;
using namespace testarena::runner;

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
  if (*versionCommand) return showVersion("testarena-runner", json);
  return serve(options);
}

}  // namespace

int main(int argc, char** argv) {
  return testarena::runProgram("testarena-runner", run, argc, argv);
}
