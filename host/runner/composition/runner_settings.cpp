// SPDX-License-Identifier: Apache-2.0
#include "runner_settings.h"

#include <algorithm>
#include <set>
#include <thread>

#include "folders.h"
#include "ip_address.h"
#include "record_reader.h"
#include "schema.h"

namespace testarena::runner {
namespace fs = std::filesystem;

// A table whose content belongs to a plugin says `additionalProperties`.
std::string_view settingsSchema() {
  return R"json({
  "type": "object",
  "required": ["executor"],
  "properties": {
    "server": {
      "type": "object",
      "default": {},
      "properties": {
        "listen": {"type": "string", "default": "127.0.0.1:8090", "x-restart": true},
        "data": {"type": "string", "format": "path", "default": "/var/lib/testarena-runner", "x-restart": true},
        "web": {"type": "string", "format": "path", "default": "", "x-restart": true},
        "hosts": {"type": "array", "items": {"type": "string"}, "default": [], "x-restart": true},
        "trusted_proxies": {"type": "array", "items": {"type": "string"}, "default": [], "x-restart": true},
        "workers": {"type": "integer", "minimum": 2, "maximum": 1000, "default": 96, "x-restart": true},
        "log_format": {"type": "string", "enum": ["text", "json"], "default": "text", "x-restart": true},
        "log_level": {"type": "string", "enum": ["debug", "info", "warning", "error"], "default": "info"}
      }
    },
    "limits": {
      "type": "object",
      "default": {},
      "properties": {
        "connections": {"type": "integer", "minimum": 0, "default": 0, "x-restart": true},
        "incomplete_per_address": {"type": "integer", "minimum": 8, "default": 1024, "x-restart": true},
        "body": {"type": "string", "format": "size", "default": "4MiB", "x-restart": true}
      }
    },
    "plugins": {
      "type": "object",
      "default": {},
      "properties": {"path": {"type": "array", "items": {"type": "string", "format": "path"}, "default": []}}
    },
    "runner": {
      "type": "object",
      "default": {},
      "properties": {
        "prefix": {"type": "string", "pattern": "(/[A-Za-z0-9._~-]+)*", "default": "/api", "x-restart": true},
        "anonymous": {"type": "boolean", "default": false},
        "anonymous_from": {"type": "array", "items": {"type": "string"}, "default": ["127.0.0.0/8", "::1"]},
        "slots": {"type": "integer", "minimum": 0, "maximum": 10000, "default": 0, "x-restart": true},
        "labels": {
          "type": "array", "default": [], "x-restart": true,
          "items": {"type": "string", "pattern": "[A-Za-z0-9_][A-Za-z0-9._:-]{0,63}"}
        }
      }
    },
    "token": {
      "type": "array",
      "default": [],
      "items": {
        "type": "object",
        "required": ["name", "hash"],
        "properties": {
          "name": {"type": "string", "pattern": "[A-Za-z0-9_][A-Za-z0-9._-]{0,63}"},
          "hash": {"type": "string", "pattern": "sha256:[0-9a-f]{64}"}
        }
      }
    },
    "executor": {
      "type": "object",
      "additionalProperties": true,
      "properties": {"plugin": {"type": "string", "minLength": 1, "default": "local_executor"}}
    },
    "discoverer": {
      "type": "object",
      "default": {},
      "additionalProperties": true,
      "properties": {"plugin": {"type": "string", "minLength": 1, "default": "git_discoverer"}}
    },
    "scenarios": {"type": "object", "default": {}, "additionalProperties": true}
  }
})json";
}

namespace {

/// The sections that are the runner's own.
struct Sections {
  ServerSettings server;
  LimitSettings limits;
  PluginSettings plugins;
  RunnerSettings runner;
  std::vector<TokenSettings> token;
  TA_FIELDS(server, limits, plugins, runner, token)
};

/// One environment as the server has them: what its two plugins can inherit from each other and from around them.
Value environmentOf(const Value& tree, const Settings& settings) {
  const Origin origin{Origin::Kind::default_value, nullptr, 0, 0};
  const auto table = [&](std::string_view section, const char* plugin) {
    const Value* written = tree.find(section);
    Value value = written != nullptr && written->isTable() ? *written : Value(Value::Table(), origin);
    if (value.find("plugin") == nullptr) value.member("plugin") = Value(std::string(plugin), origin);
    return value;
  };
  Value environment{Value::Table(), origin};
  environment.member("name") = Value(std::string("runner"), origin);
  environment.member("slots") = Value(settings.runner.slots, origin);
  if (const Value* scenarios = tree.find("scenarios")) environment.member("scenarios") = *scenarios;
  environment.member("executor") = table("executor", "local_executor");
  environment.member("discoverer") = table("discoverer", "git_discoverer");
  return environment;
}

/// Where in the file a key of [runner] stands, for messages.
Origin originOf(const Value& tree, std::string_view section, std::string_view key) {
  const Value* table = tree.find(section);
  const Value* value = table != nullptr ? table->find(key) : nullptr;
  return value != nullptr ? value->origin() : Origin{};
}

void checkAccess(const Value& tree, const Settings& settings, Problems& problems) {
  try {
    http::Networks{settings.runner.anonymous_from};
  } catch (const Error& error) {
    problems.error(originOf(tree, "runner", "anonymous_from"), "runner.anonymous_from", error.what());
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < settings.token.size(); ++i) {
    if (names.insert(settings.token[i].name).second) continue;
    problems.error(tree.find("token")->list()[i].origin(), keyPath(keyPath("token", i), "name"),
                   "there is another token '" + settings.token[i].name + "'");
  }
  if (settings.token.empty() && !settings.runner.anonymous) {
    problems.warning({}, "token",
                     "nobody can use this runner: there is no [[token]], and [runner] anonymous is false. "
                     "`testarena-runner token NAME` makes a token");
  }
}

}  // namespace

Settings readSettings(const Value& tree, const fs::path& file, Problems& problems) {
  Settings settings;
  static const Schema kSchema(settingsSchema(), "the runner's own schema");
  const Value checked = kSchema.check(tree, problems);
  if (problems.hasErrors()) return settings;

  RecordReader reader(RecordReader::Missing::kept);
  auto sections = reader.read<Sections>(checked);
  reader.throwIfProblems();
  settings.server = std::move(sections.server);
  settings.limits = sections.limits;
  settings.plugins = std::move(sections.plugins);
  settings.runner = std::move(sections.runner);
  settings.token = std::move(sections.token);
  // Relative paths are relative to the file that they stand in, not to wherever the runner was started from.
  const auto base = file.empty() ? fs::current_path() : fs::absolute(file).parent_path();
  settings.data = (base / settings.server.data).lexically_normal();
  if (!settings.server.web.empty()) settings.server.web = (base / settings.server.web).lexically_normal().string();
  for (auto& path : settings.plugins.path) path = (base / path).lexically_normal().string();
  if (settings.runner.slots == 0) settings.runner.slots = std::max(1U, std::thread::hardware_concurrency());
  settings.environment = environmentOf(tree, settings);
  checkAccess(tree, settings, problems);
  return settings;
}

AccessRules accessRules(const Settings& settings) {
  AccessRules rules;
  for (const TokenSettings& token : settings.token) rules.tokens.push_back({token.name, token.hash});
  rules.anonymous = settings.runner.anonymous;
  rules.anonymous_from = settings.runner.anonymous_from;
  rules.hosts = settings.server.hosts;
  return rules;
}

plugin_host::PluginUse executorUse(const Settings& settings) {
  return {"executor", "executor", *settings.environment.find("executor"),
          plugin_host::environmentInheritance(settings.environment, "executor", settings.data), nullptr};
}

plugin_host::PluginUse discovererUse(const Settings& settings) {
  return {"discoverer", "discoverer", *settings.environment.find("discoverer"),
          plugin_host::environmentInheritance(settings.environment, "discoverer", settings.data), nullptr};
}

plugin_host::PluginHost makePluginHost(const Settings& settings, const Clock& clock) {
  return plugin_host::PluginHost(
      plugin_host::pluginFolders({settings.plugins.path.begin(), settings.plugins.path.end()}), clock);
}

}  // namespace testarena::runner
