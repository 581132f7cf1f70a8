// SPDX-License-Identifier: Apache-2.0
// PluginHost: makes instances of plugins, and knows of every plugin how it is.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/authenticator.h>
#include <testarena/discoverer.h>
#include <testarena/executor.h>
#include <testarena/storage.h>

#include "clock.h"
#include "configuration.h"
#include "credential_store.h"
#include "library.h"
#include "log.h"
#include "plugin_channel.h"
#include "problems.h"

namespace testarena::plugin_host {

/// One use of a plugin, as the configuration says it.
struct PluginUse {
  std::string name;                        ///< for log, metrics and messages: "executor lab-1"; unique in the program
  std::string path;                        ///< key path of the table: "environment[0].executor"
  Value table;                             ///< with `plugin`, and the keys of its schema
  Inheritance inherit;                     ///< see inheritance.h
  CredentialStore* credentials = nullptr;  ///< for authenticators; lives longer than the instance
};

/// One plugin as `GET /api/v1/plugins` shows it.
struct PluginEntry {
  std::string name;
  std::string file;  ///< empty if it was not found
  std::string version;
  std::vector<std::string> interfaces;
  std::string state;    ///< running, stuck, refused, or available: in a folder, and nothing uses it
  std::string message;  ///< who uses it, what is stuck, or why it was refused
  TA_FIELDS(name, file, version, interfaces, state, message)
};

/// How one instance is at this moment.
struct InstanceHealth {
  std::string state;  ///< running or stuck
  std::string message;
};

template <class Interface>
struct ProxyOf;
template <>
struct ProxyOf<Executor> {
  using Type = ExecutorProxy;
};
template <>
struct ProxyOf<Discoverer> {
  using Type = DiscovererProxy;
};
template <>
struct ProxyOf<Authenticator> {
  using Type = AuthenticatorProxy;
};
template <>
struct ProxyOf<Storage> {
  using Type = StorageProxy;
};

/// Any thread. Instances may outlive it; `clock` must outlive them.
class PluginHost {
 public:
  /// `folders` as from pluginFolders().
  PluginHost(std::vector<std::filesystem::path> folders, const Clock& clock);

  /// Loads the plugin if it is not loaded, checks the configuration and makes an instance; the answer is the interface
  /// itself, every call of which passes the choke point. The instance ends with it.
  /// Throws ConfigurationError (the configuration is wrong; each mistake has its place), Refused (the plugin is), or
  /// the error with which the plugin could not start. All but the first are remembered for list().
  template <class Interface>
  std::unique_ptr<Interface> make(const PluginUse& use) {
    return std::make_unique<typename ProxyOf<Interface>::Type>(
        open(use, interfaceId<Interface>(), {operationNames<Interface>().begin(), operationNames<Interface>().end()}));
  }

  /// What make() would refuse before it calls the plugin; for `check-config`. Nothing of the plugin runs.
  template <class Interface>
  void check(const PluginUse& use, Problems& problems) const {
    check(use, interfaceId<Interface>(), problems);
  }

  /// Every plugin that was asked for and every file in the folders, by name.
  std::vector<PluginEntry> list() const;

  /// How the instance with this name is; empty state: there is none.
  InstanceHealth health(std::string_view name) const;

  /// The configuration an instance was made with, secrets masked; null if there is none of this name.
  Value masked(std::string_view name) const;

  /// Appends the figures of all instances in Prometheus' text form.
  void appendMetrics(std::string& out) const;

 private:
  struct Instance {
    std::string plugin;  ///< file, or the name as configured if it was not found
    std::string interface;
    std::weak_ptr<PluginChannel> channel;
    std::shared_ptr<const Configuration> configuration;
    std::string refusal;  ///< why it could not be made; empty if it could
  };

  std::shared_ptr<Channel> open(const PluginUse& use, std::string_view interfaceId,
                                std::vector<std::string> operations);
  std::shared_ptr<PluginChannel> connect(const PluginUse& use, const std::filesystem::path& file,
                                         std::string_view interfaceId, const std::vector<std::string>& operations,
                                         Instance& made);
  void check(const PluginUse& use, std::string_view interfaceId, Problems& problems) const;
  std::filesystem::path fileOf(const PluginUse& use) const;
  std::shared_ptr<Library> library(const std::filesystem::path& file);
  PluginEntry inspect(const std::filesystem::path& file) const;

  const std::vector<std::filesystem::path> folders_;
  const Clock& clock_;
  const Logger log_{"plugins"};

  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::map<std::string, std::shared_ptr<Library>> libraries_;  ///< by file
  std::map<std::string, Instance, std::less<>> instances_;     ///< by name
};

/// What `testarena plugins inspect FILE` shows: manifest, ABI, needs and the keys of each interface, read without
/// loading.
std::string describePlugin(const std::filesystem::path& file);

}  // namespace testarena::plugin_host
