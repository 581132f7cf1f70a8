// SPDX-License-Identifier: Apache-2.0
// The program `testarena`: reads the command line and runs one command.
#include <CLI/CLI.hpp>

#include "commands.h"
#include "exit_code.h"
#include "run_program.h"
#include "show_version.h"

namespace {

using namespace testarena;
using namespace testarena::server;

int run(int argc, char** argv) {
  CLI::App app("TestArena: a server for running tests on remote machines");
  app.require_subcommand(1);
  CommonOptions options;

  auto* serveCommand = app.add_subcommand("serve", "Run the server");
  addCommonOptions(*serveCommand, options);
  auto* checkCommand =
      app.add_subcommand("check-config", "Check the configuration, plugins included, without starting");
  addCommonOptions(*checkCommand, options);

  auto* admin = app.add_subcommand("admin", "Accounts and tokens; works beside a running server");
  admin->require_subcommand(1);
  std::string name;
  std::string role;
  auto addAdmin = [&](const char* command, const char* help) {
    auto* added = admin->add_subcommand(command, help);
    added->add_option("name", name, "User name")->required();
    addCommonOptions(*added, options);
    return added;
  };
  addAdmin("create-user", "Make a local account and print its password")
      ->add_option("--role", role, "viewer, user or administrator")
      ->required()
      ->check(CLI::IsMember({"viewer", "user", "administrator"}));
  addAdmin("reset-password", "Give a local account a new password and print it");
  addAdmin("token", "Make an API token for an account and print it");

  auto* plugins = app.add_subcommand("plugins", "What plugins there are");
  plugins->require_subcommand(1);
  auto* listCommand = plugins->add_subcommand("list", "All plugin files that this configuration can use");
  addCommonOptions(*listCommand, options);
  auto* inspectCommand = plugins->add_subcommand("inspect", "What a plugin says of itself, without loading it");
  std::filesystem::path file;
  inspectCommand->add_option("file", file, "The plugin's .so")->required();

  auto* versionCommand = app.add_subcommand("version", "Which build this is");
  bool json = false;
  versionCommand->add_flag("--json", json, "As JSON");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }

  if (*serveCommand) return serve(options);
  if (*checkCommand) return checkConfiguration(options);
  if (*listCommand) return listPluginFiles(options);
  if (*inspectCommand) return inspectPlugin(file);
  if (*versionCommand) return showVersion("testarena", json);
  return administrate(options, admin->get_subcommands().front()->get_name(), name, role);
}

}  // namespace

int main(int argc, char** argv) {
  return testarena::runProgram("testarena", run, argc, argv);
}
