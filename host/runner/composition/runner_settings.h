// SPDX-License-Identifier: Apache-2.0
// The runner's own configuration. config/testarena-runner.toml explains every key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/record.h>

#include "credentials.h"
#include "plugin_host.h"
#include "problems.h"
#include "value.h"

namespace testarena::runner {

struct ServerSettings {
  std::string listen;
  std::string data;
  std::string web;
  std::vector<std::string> hosts;
  std::vector<std::string> trusted_proxies;
  int64_t workers = 0;
  std::string log_format;
  std::string log_level;
  TA_FIELDS(listen, data, web, hosts, trusted_proxies, workers, log_format, log_level)
};

struct LimitSettings {
  int64_t connections = 0;
  int64_t incomplete_per_address = 0;
  int64_t body = 0;
  TA_FIELDS(connections, incomplete_per_address, body)
};

struct PluginSettings {
  std::vector<std::string> path;
  TA_FIELDS(path)
};

struct RunnerSettings {
  std::string prefix;
  bool anonymous = false;
  std::vector<std::string> anonymous_from;
  int64_t slots = 0;  ///< never 0 in checked settings
  std::vector<std::string> labels;
  TA_FIELDS(prefix, anonymous, anonymous_from, slots, labels)
};

struct TokenSettings {
  std::string name;
  std::string hash;
  TA_FIELDS(name, hash)
};

/// Checked, with defaults filled in; the tables of plugins as they were written: the plugin host checks those.
struct Settings {
  ServerSettings server;
  LimitSettings limits;
  PluginSettings plugins;
  RunnerSettings runner;
  std::vector<TokenSettings> token;
  std::filesystem::path data;  ///< absolute
  Value environment;           ///< `executor` and `discoverer`, and what they inherit: name, slots, scenarios
};

/// Adds what is wrong to `problems`; the settings are usable only if none of that is an error.
Settings readSettings(const Value& tree, const std::filesystem::path& file, Problems& problems);

AccessRules accessRules(const Settings& settings);
plugin_host::PluginUse executorUse(const Settings& settings);
plugin_host::PluginUse discovererUse(const Settings& settings);
plugin_host::PluginHost makePluginHost(const Settings& settings, const Clock& clock);

/// The schema that the settings are checked against, as JSON.
std::string_view settingsSchema();

}  // namespace testarena::runner
