// SPDX-License-Identifier: Apache-2.0
#include "server_settings.h"

#include <set>

#include "record_reader.h"
#include "schema.h"

namespace testarena::server {
namespace fs = std::filesystem;

// A table whose content belongs to a plugin says `additionalProperties`; what every such table needs is checked here.
std::string_view settingsSchema() {
  return R"json({
  "type": "object",
  "required": ["storage", "authenticator", "environment"],
  "properties": {
    "server": {
      "type": "object",
      "default": {},
      "properties": {
        "listen": {"type": "string", "default": "127.0.0.1:8080", "x-restart": true},
        "data": {"type": "string", "format": "path", "default": "/var/lib/testarena", "x-restart": true},
        "web": {"type": "string", "format": "path", "default": "", "x-restart": true},
        "default_environment": {"type": "string", "default": "", "x-restart": true},
        "hosts": {"type": "array", "items": {"type": "string"}, "default": [], "x-restart": true},
        "trusted_proxies": {"type": "array", "items": {"type": "string"}, "default": [], "x-restart": true},
        "insecure_cookies": {"type": "boolean", "default": false, "x-restart": true},
        "workers": {"type": "integer", "minimum": 2, "maximum": 1000, "default": 96, "x-restart": true},
        "log_format": {"type": "string", "enum": ["text", "json"], "default": "text", "x-restart": true},
        "log_level": {"type": "string", "enum": ["debug", "info", "warning", "error"], "default": "info"},
        "job_time_limit": {"type": "string", "format": "duration", "default": "1h", "x-restart": true},
        "session_idle": {"type": "string", "format": "duration", "default": "30m", "x-restart": true},
        "session_lifetime": {"type": "string", "format": "duration", "default": "12h", "x-restart": true}
      }
    },
    "limits": {
      "type": "object",
      "default": {},
      "properties": {
        "connections": {"type": "integer", "minimum": 0, "default": 0, "x-restart": true},
        "incomplete_per_address": {"type": "integer", "minimum": 8, "default": 1024, "x-restart": true},
        "body": {"type": "string", "format": "size", "default": "1MiB", "x-restart": true}
      }
    },
    "plugins": {
      "type": "object",
      "default": {},
      "properties": {"path": {"type": "array", "items": {"type": "string", "format": "path"}, "default": []}}
    },
    "auth": {
      "type": "object",
      "default": {},
      "properties": {"admin_password": {"type": "string", "default": "", "x-secret": true}}
    },
    "storage": {
      "type": "object",
      "required": ["plugin"],
      "additionalProperties": true,
      "properties": {"plugin": {"type": "string", "minLength": 1}}
    },
    "authenticator": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "required": ["plugin"],
        "additionalProperties": true,
        "properties": {"plugin": {"type": "string", "minLength": 1}}
      }
    },
    "environment": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "required": ["name", "executor", "discoverer"],
        "properties": {
          "name": {"type": "string", "pattern": "[A-Za-z0-9_][A-Za-z0-9._-]{0,63}"},
          "executor": {
            "type": "object",
            "required": ["plugin"],
            "additionalProperties": true,
            "properties": {"plugin": {"type": "string", "minLength": 1}}
          },
          "discoverer": {
            "type": "object",
            "required": ["plugin"],
            "additionalProperties": true,
            "properties": {"plugin": {"type": "string", "minLength": 1}}
          },
          "scenarios": {"type": "object", "additionalProperties": true}
        }
      }
    }
  }
})json";
}

namespace {

/// Settings as one record: the sections that are the server's own.
struct Sections {
  ServerSettings server;
  LimitSettings limits;
  PluginSettings plugins;
  AuthSettings auth;
  TA_FIELDS(server, limits, plugins, auth)
};

void checkEnvironments(const Settings& settings, Problems& problems) {
  std::set<std::string> names;
  for (size_t i = 0; i < settings.environments.size(); ++i) {
    const auto* name = settings.environments[i].find("name");
    if (!names.insert(name->text()).second) {
      problems.error(name->origin(), keyPath(keyPath("environment", i), "name"),
                     "there is another environment '" + name->text() + "'");
    }
  }
  const auto& standard = settings.server.default_environment;
  if (!standard.empty() && names.count(standard) == 0) {
    problems.error({}, "server.default_environment", "there is no environment '" + standard + "'");
  }
}

}  // namespace

Settings readSettings(const Value& tree, const fs::path& file, Problems& problems) {
  Settings settings;
  static const Schema kSchema(settingsSchema(), "the server's own schema");
  const auto checked = kSchema.check(tree, problems);
  if (problems.hasErrors()) return settings;

  RecordReader reader(RecordReader::Missing::kept);
  auto sections = reader.read<Sections>(checked);
  reader.throwIfProblems();
  settings.server = std::move(sections.server);
  settings.limits = std::move(sections.limits);
  settings.plugins = std::move(sections.plugins);
  settings.auth = std::move(sections.auth);
  // Relative paths are relative to the file that they stand in, not to wherever the server was started from.
  const auto base = file.empty() ? fs::current_path() : fs::absolute(file).parent_path();
  settings.data = (base / settings.server.data).lexically_normal();
  if (!settings.server.web.empty()) settings.server.web = (base / settings.server.web).lexically_normal().string();
  for (auto& path : settings.plugins.path) path = (base / path).lexically_normal().string();

  settings.storage = *tree.find("storage");
  settings.authenticators = tree.find("authenticator")->list();
  settings.environments = tree.find("environment")->list();
  checkEnvironments(settings, problems);
  return settings;
}

std::vector<EnvironmentTable> environmentTables(const Settings& settings) {
  std::vector<EnvironmentTable> tables;
  for (size_t i = 0; i < settings.environments.size(); ++i) {
    const auto& table = settings.environments[i];
    tables.push_back({table.find("name")->text(), keyPath("environment", i), &table});
  }
  return tables;
}

}  // namespace testarena::server
