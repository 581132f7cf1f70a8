// SPDX-License-Identifier: Apache-2.0
// What both the server and the commands of administrators need: storage and accounts.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "accounts.h"
#include "administration.h"
#include "clock.h"
#include "log.h"
#include "plugin_host.h"
#include "random.h"
#include "server_settings.h"
#include "sessions.h"
#include "stored_credentials.h"

namespace testarena::server {

/// Where programs find plugins when nothing is configured.
plugin_host::PluginHost makePluginHost(const Settings& settings, const Clock& clock);

/// How the plugins of the settings are used.
plugin_host::PluginUse storageUse(const Settings& settings);
plugin_host::PluginUse authenticatorUse(const Settings& settings, size_t number);
plugin_host::PluginUse executorUse(const Settings& settings, const EnvironmentTable& environment);
plugin_host::PluginUse discovererUse(const Settings& settings, const EnvironmentTable& environment);

/// Opens the storage, bringing its schema up to date, and makes the authenticators.
class Core {
 public:
  explicit Core(const Settings& settings);

  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }
  plugin_host::PluginHost& plugins() { return plugins_; }
  Storage& storage() { return *storage_; }
  Accounts& accounts() { return accounts_; }
  Sessions& sessions() { return sessions_; }
  Administration& administration() { return administration_; }

  /// On the very first start: makes the administrator `admin`. Its password comes from the configuration, or is made up
  /// and then stands in `<data>/initial-admin-password`, for its owner alone.
  void makeFirstAdministrator(const Settings& settings);

 private:
  std::unique_ptr<Storage> openStorage(const Settings& settings);
  std::vector<AuthenticatorLink> makeAuthenticators(const Settings& settings);

  const Logger log_{"server"};
  SystemClock clock_;
  SystemRandom random_;
  plugin_host::PluginHost plugins_;
  std::unique_ptr<Storage> storage_;
  StoredCredentials credentials_;
  std::vector<std::unique_ptr<Authenticator>> authenticators_;
  Accounts accounts_;
  Sessions sessions_;
  Administration administration_;
};

}  // namespace testarena::server
