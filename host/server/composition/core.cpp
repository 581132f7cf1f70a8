// SPDX-License-Identifier: Apache-2.0
#include "core.h"

#include <iostream>

#include "files.h"
#include "folders.h"
#include "trace.h"

namespace testarena::server {
namespace {
constexpr auto kOpenLimit = std::chrono::minutes(10);  // a migration of a large database takes its time
constexpr auto kStorageLimit = std::chrono::seconds(10);

std::filesystem::path firstPasswordFile(const Settings& settings) {
  return settings.data / "initial-admin-password";
}
}  // namespace

plugin_host::PluginHost makePluginHost(const Settings& settings, const Clock& clock) {
  return plugin_host::PluginHost(
      plugin_host::pluginFolders({settings.plugins.path.begin(), settings.plugins.path.end()}), clock);
}

plugin_host::PluginUse storageUse(const Settings& settings) {
  return {"storage", "storage", settings.storage, plugin_host::hostInheritance(settings.data), nullptr};
}

plugin_host::PluginUse authenticatorUse(const Settings& settings, size_t number) {
  return {"authenticator " + std::to_string(number + 1), keyPath("authenticator", number),
          settings.authenticators[number], plugin_host::hostInheritance(settings.data), nullptr};
}

plugin_host::PluginUse executorUse(const Settings& settings, const EnvironmentTable& environment) {
  const auto& table = *environment.table;
  return {"executor " + environment.name, keyPath(environment.path, "executor"), *table.find("executor"),
          plugin_host::environmentInheritance(table, "executor", settings.data), nullptr};
}

plugin_host::PluginUse discovererUse(const Settings& settings, const EnvironmentTable& environment) {
  const auto& table = *environment.table;
  return {"discoverer " + environment.name, keyPath(environment.path, "discoverer"), *table.find("discoverer"),
          plugin_host::environmentInheritance(table, "discoverer", settings.data), nullptr};
}

Core::Core(const Settings& settings)
    : plugins_(makePluginHost(settings, clock_)),
      storage_(openStorage(settings)),
      credentials_(*storage_, clock_),
      accounts_(*storage_, makeAuthenticators(settings), clock_),
      sessions_(*storage_, clock_, {settings.server.session_idle, settings.server.session_lifetime}),
      administration_(accounts_, sessions_, clock_, firstPasswordFile(settings)) {}

std::unique_ptr<Storage> Core::openStorage(const Settings& settings) {
  makePrivateFolder(settings.data);
  auto storage = plugins_.make<Storage>(storageUse(settings));
  auto call = callWithin(kOpenLimit);
  const auto opened = storage->open({}, call);
  for (const auto& name : opened.applied) log_.info("storage: applied migration {}", name);
  return storage;
}

std::vector<AuthenticatorLink> Core::makeAuthenticators(const Settings& settings) {
  std::vector<AuthenticatorLink> chain;
  for (size_t i = 0; i < settings.authenticators.size(); ++i) {
    auto use = authenticatorUse(settings, i);
    use.credentials = &credentials_;
    authenticators_.push_back(plugins_.make<Authenticator>(use));
    chain.push_back({settings.authenticators[i].find("plugin")->text(), authenticators_.back().get()});
  }
  return chain;
}

void Core::makeFirstAdministrator(const Settings& settings) {
  auto call = callWithin(kStorageLimit);
  if (!storage_->list_users({"", 1}, call).users.empty()) return;
  Audit audit;
  audit.at = clock_.now();
  audit.action = "user.create";
  audit.subject = "user admin";
  audit.detail = "first start";
  std::string password = accounts_.createUser("admin", Role::administrator, audit);
  if (!settings.auth.admin_password.empty()) {
    accounts_.setPassword("admin", settings.auth.admin_password);
    log_.info("first start: the administrator is 'admin', with the password from the configuration");
    return;
  }
  const auto file = firstPasswordFile(settings);
  writeFileAtomically(file, password + "\n", 0600);
  // Said once, to whoever starts the server, and never through the log, which other programs may collect.
  std::cerr << "First start. Administrator: admin   Password: " << password << "\n(also in " << file.string() << ")\n";
}

}  // namespace testarena::server
