// SPDX-License-Identifier: Apache-2.0
#include "commands.h"

#include <iostream>
#include <pwd.h>
#include <unistd.h>

#include "administration_socket.h"
#include "application.h"
#include "breadcrumb.h"
#include "core.h"
#include "exit_code.h"
#include "run_service.h"
#include "server_settings.h"

namespace testarena::server {
namespace {

std::string systemAccount() {
  const auto* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "uid " + std::to_string(::getuid());
}

/// All that can be checked of the plugins without running them.
void checkPlugins(const Settings& settings, plugin_host::PluginHost& plugins, Problems& problems) {
  plugins.check<Storage>(storageUse(settings), problems);
  for (size_t i = 0; i < settings.authenticators.size(); ++i) {
    plugins.check<Authenticator>(authenticatorUse(settings, i), problems);
  }
  for (const auto& environment : environmentTables(settings)) {
    plugins.check<Executor>(executorUse(settings, environment), problems);
    plugins.check<Discoverer>(discovererUse(settings, environment), problems);
  }
}

}  // namespace

int serve(const CommonOptions& options) {
  plugin_host::reportCrashes();
  return runService<Application>("server", options, readSettings, "keys marked as such need a restart");
}

int checkConfiguration(const CommonOptions& options) {
  const auto settings = loadConfiguration(options, readSettings);
  const SystemClock clock;
  auto plugins = makePluginHost(settings, clock);
  Problems problems;
  checkPlugins(settings, plugins, problems);
  for (const auto& problem : problems.all()) std::cerr << problem.line() << "\n";
  if (problems.hasErrors()) return kExitConfiguration;
  std::cout << "the configuration is valid: " << settings.environments.size() << " environment(s), "
            << settings.authenticators.size() << " authenticator(s)\n";
  return kExitOk;
}

int administrate(const CommonOptions& options, const std::string& command, const std::string& name,
                 const std::string& role) {
  auto settings = loadConfiguration(options, readSettings);
  setLogLevel(LogSeverity::warning);
  const AdministrationRequest request{command, name, role, systemAccount()};
  auto answer = AdministrationSocket::ask(settings.data / "admin.socket", request);
  if (!answer) {
    Core core(settings);  // no server is running: this command opens the storage itself
    answer = core.administration().perform(request);
  }
  if (!answer->ok) {
    std::cerr << "testarena: " << answer->error << "\n";
    return kExitFailed;
  }
  std::cout << answer->secret << "\n";
  return kExitOk;
}

int listPluginFiles(const CommonOptions& options) {
  const auto settings = loadConfiguration(options, readSettings);
  const SystemClock clock;
  const auto plugins = makePluginHost(settings, clock);
  for (const auto& entry : plugins.list()) {
    std::cout << entry.name << "  " << entry.version << "  " << entry.state;
    for (const auto& interface : entry.interfaces) std::cout << "  " << interface;
    std::cout << "  " << entry.file << (entry.message.empty() ? "" : "  ") << entry.message << "\n";
  }
  return kExitOk;
}

int inspectPlugin(const std::filesystem::path& file) {
  std::cout << plugin_host::describePlugin(file);
  return kExitOk;
}

}  // namespace testarena::server
