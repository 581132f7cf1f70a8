// SPDX-License-Identifier: Apache-2.0
// The server's own configuration. config/testarena.toml explains every key.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <testarena/record.h>

#include "problems.h"
#include "value.h"

namespace testarena::server {

struct ServerSettings {
  std::string listen;
  std::string data;
  std::string web;
  std::string default_environment;
  std::vector<std::string> hosts;
  std::vector<std::string> trusted_proxies;
  bool insecure_cookies = false;
  int64_t workers = 0;
  std::string log_format;
  std::string log_level;
  std::chrono::milliseconds job_time_limit{0};
  std::chrono::milliseconds session_idle{0};
  std::chrono::milliseconds session_lifetime{0};
  TA_FIELDS(listen, data, web, default_environment, hosts, trusted_proxies, insecure_cookies, workers, log_format,
            log_level, job_time_limit, session_idle, session_lifetime)
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

struct AuthSettings {
  std::string admin_password;
  TA_FIELDS(admin_password)
};

/// Checked, with defaults filled in; the tables of plugins as they were written: the plugin host checks those.
struct Settings {
  ServerSettings server;
  LimitSettings limits;
  PluginSettings plugins;
  AuthSettings auth;
  std::filesystem::path data;  ///< absolute
  Value storage;
  std::vector<Value> authenticators;
  std::vector<Value> environments;
};

/// An environment as it was written. It refers to the settings.
struct EnvironmentTable {
  std::string name;
  std::string path;  ///< `environment[0]`
  const Value* table;
};

/// Adds what is wrong to `problems`; the settings are usable only if none of that is an error.
Settings readSettings(const Value& tree, const std::filesystem::path& file, Problems& problems);

/// The environments of checked settings.
std::vector<EnvironmentTable> environmentTables(const Settings& settings);

/// The schema that the settings are checked against, as JSON.
std::string_view settingsSchema();

}  // namespace testarena::server
