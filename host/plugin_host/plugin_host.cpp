// SPDX-License-Identifier: Apache-2.0
#include "plugin_host.h"

#include <algorithm>
#include <utility>

#include "folders.h"
#include "instance_services.h"
#include "refused.h"
#include "text.h"
#include "transport.h"

namespace testarena::plugin_host {
namespace {

constexpr std::chrono::seconds kCreateLimit{60};

const Manifest::Interface& offered(const Manifest& manifest, std::string_view interfaceId, const PluginUse& use,
                                   const std::filesystem::path& file) {
  if (const Manifest::Interface* interface = manifest.find(interfaceId)) return *interface;
  throw Refused(file, "it offers " + manifest.interfaceIds() + ", but '" + use.path + "' needs " +
                          std::string(interfaceId) + ": name another plugin there");
}

InstanceHealth healthOf(const PluginChannel& channel) {
  const auto late = channel.overdue();
  if (!late) return {"running", {}};
  std::string message = std::to_string(late->calls) + " calls are overdue; '" + late->operation + "' since " +
                        formatDuration(late->late.count());
  if (!late->stuck) return {"running", std::move(message)};
  return {"stuck", std::move(message) + ": further calls are refused until one comes back, or the server is restarted"};
}

/// For a label of Prometheus' text form.
std::string labelValue(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return '"' + out + '"';
}

}  // namespace

PluginHost::PluginHost(std::vector<std::filesystem::path> folders, const Clock& clock)
    : folders_(std::move(folders)), clock_(clock) {}

std::filesystem::path PluginHost::fileOf(const PluginUse& use) const {
  const Value* plugin = use.table.find("plugin");
  if (plugin == nullptr || !plugin->isText() || plugin->text().empty()) {
    throw ConfigurationError((plugin != nullptr ? *plugin : use.table).origin(), keyPath(use.path, "plugin"),
                             "must name a plugin, such as \"dummy_executor\" or \"/path/to/farm_executor.so\"");
  }
  const Origin& origin = plugin->origin();
  const bool inFile = origin.kind == Origin::Kind::file && origin.name != nullptr;
  return findPlugin(plugin->text(), folders_,
                    inFile ? std::filesystem::path(*origin.name).parent_path() : std::filesystem::path());
}

std::shared_ptr<Library> PluginHost::library(const std::filesystem::path& file) {
  // Loading under the lock: two threads that need one plugin must not load it twice, and it is quick.
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Library>& known = libraries_[file.string()];
  if (!known) known = Library::load(file);
  return known;
}

std::shared_ptr<Channel> PluginHost::open(const PluginUse& use, std::string_view interfaceId,
                                          std::vector<std::string> operations) {
  Instance made;
  made.interface = interfaceId;
  if (const Value* plugin = use.table.find("plugin"); plugin != nullptr && plugin->isText())
    made.plugin = plugin->text();
  const auto remember = [&](std::string refusal) {
    made.refusal = std::move(refusal);
    const std::lock_guard lock(mutex_);
    instances_[use.name] = made;
  };
  try {
    const std::filesystem::path file = fileOf(use);
    made.plugin = file.string();
    auto channel = connect(use, file, interfaceId, operations, made);
    remember({});
    return channel;
  } catch (const ConfigurationError&) {
    throw;
  } catch (const Error& error) {
    remember(error.what());
    throw;
  }
}

std::shared_ptr<PluginChannel> PluginHost::connect(const PluginUse& use, const std::filesystem::path& file,
                                                   std::string_view interfaceId,
                                                   const std::vector<std::string>& operations, Instance& made) {
  const std::shared_ptr<Library> loaded = library(file);
  const Manifest::Interface& interface = offered(loaded->manifest(), interfaceId, use, file);

  Problems problems;
  const auto configuration =
      std::make_shared<const Configuration>(use.table, use.path, interface.config, use.inherit, problems);
  problems.throwIfErrors();
  for (const Problem& problem : problems.all()) log_.warning("{}", problem.line());

  const auto metrics = std::make_shared<CallMetrics>(operations);
  auto services = std::make_shared<InstanceServices>(use.name, clock_, configuration, metrics, use.credentials);
  std::shared_ptr<Channel> transport;
  try {
    Call call(kCreateLimit);
    transport = openTransport(configuration->isolation(), loaded, interfaceId, configuration->message(),
                              std::move(services), call);
  } catch (const Error& error) {
    if (error.code() == Code::invalid) throw configuration->blame(error);
    throwError(error.code(), use.name + ": the plugin " + file.string() + " could not start: " + error.what());
  }
  auto channel = std::make_shared<PluginChannel>(
      PluginChannel::Options{use.name, std::string(interfaceId), interface.max_concurrency}, metrics,
      std::move(transport));
  log_.info("{}: {} {} from {}", use.name, loaded->manifest().name, loaded->manifest().version, file.string());
  made.channel = channel;
  made.configuration = configuration;
  return channel;
}

void PluginHost::check(const PluginUse& use, std::string_view interfaceId, Problems& problems) const {
  const Value* plugin = use.table.find("plugin");
  try {
    const std::filesystem::path file = fileOf(use);
    const Manifest manifest = readManifest(file);
    refuseWritableByOthers(file);
    const Configuration configuration(use.table, use.path, offered(manifest, interfaceId, use, file).config,
                                      use.inherit, problems);
  } catch (const ConfigurationError& failure) {
    for (const Problem& problem : failure.problems()) problems.add(problem);
  } catch (const Error& error) {
    problems.error((plugin != nullptr ? *plugin : use.table).origin(), keyPath(use.path, "plugin"), error.what());
  }
}

InstanceHealth PluginHost::health(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = instances_.find(name);
  if (found == instances_.end()) return {};
  if (!found->second.refusal.empty()) return {"refused", found->second.refusal};
  const auto channel = found->second.channel.lock();
  return channel ? healthOf(*channel) : InstanceHealth();
}

Value PluginHost::masked(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = instances_.find(name);
  return found != instances_.end() && found->second.configuration ? found->second.configuration->masked() : Value();
}

PluginEntry PluginHost::inspect(const std::filesystem::path& file) const {
  PluginEntry entry{file.stem().string(), file.string(), {}, {}, "available", {}};
  try {
    const Manifest manifest = readManifest(file);
    refuseWritableByOthers(file);
    entry.name = manifest.name;
    entry.version = manifest.version;
    for (const Manifest::Interface& interface : manifest.interfaces) entry.interfaces.push_back(interface.id);
  } catch (const Error& error) {
    entry.state = "refused";
    entry.message = error.what();
  }
  return entry;
}

std::vector<PluginEntry> PluginHost::list() const {
  std::map<std::string, PluginEntry> entries;  // by file
  for (const auto& file : pluginFiles(folders_)) entries.emplace(file.string(), inspect(file));

  const std::lock_guard lock(mutex_);
  for (const auto& [name, instance] : instances_) {
    const auto channel = instance.channel.lock();
    if (!channel && instance.refusal.empty()) continue;  // ended
    const bool found = instance.plugin.find('/') != std::string::npos;
    auto known = entries.find(instance.plugin);
    if (known == entries.end()) {
      PluginEntry entry = found ? inspect(instance.plugin) : PluginEntry{instance.plugin, {}, {}, {}, "refused", {}};
      known = entries.emplace(instance.plugin, std::move(entry)).first;
    }
    PluginEntry& entry = known->second;
    const InstanceHealth health = channel ? healthOf(*channel) : InstanceHealth{"refused", instance.refusal};
    const std::string word = name + (health.message.empty() ? "" : ": " + health.message);
    const bool said = !instance.refusal.empty() && entry.message == instance.refusal;
    if (!said) entry.message += (entry.message.empty() ? "" : "; ") + word;
    // The worst of its instances is what has to be seen.
    if (entry.state != "refused" && (entry.state != "stuck" || health.state == "refused")) entry.state = health.state;
  }
  std::vector<PluginEntry> all;
  for (auto& [file, entry] : entries) all.push_back(std::move(entry));
  std::sort(all.begin(), all.end(), [](const PluginEntry& a, const PluginEntry& b) { return a.name < b.name; });
  return all;
}

void PluginHost::appendMetrics(std::string& out) const {
  std::vector<CallMetrics::Sample> samples;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, instance] : instances_) {
      if (const auto channel = instance.channel.lock()) {
        channel->metrics().collect("instance=" + labelValue(name) + ",interface=" + labelValue(instance.interface),
                                   samples);
      }
    }
  }
  writeMetrics(samples, out);
}

}  // namespace testarena::plugin_host
