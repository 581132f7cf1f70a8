// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <sstream>
#include <unistd.h>
#include <utility>

#include <toml++/toml.h>

#include "files.h"
#include "problems.h"
#include "text.h"

namespace testarena {
namespace {

constexpr std::string_view kPrefix = "TESTARENA__";

using Name = std::shared_ptr<const std::string>;

Origin originOf(const toml::source_region& source, const Name& name) {
  return {Origin::Kind::file, name, source.begin.line, source.begin.column};
}

Value convert(const toml::node& node, const Name& name);

Value convert(const toml::table& table, const Name& name) {
  Value value(Value::Table(), originOf(table.source(), name));
  for (const auto& [key, node] : table) {
    Value member = convert(node, name);
    // A mistake in a key is shown where the key stands, not where its value begins.
    member.setOrigin(originOf(key.source(), name));
    value.table().push_back({std::string(key.str()), std::move(member)});
  }
  // toml++ sorts by name; people expect messages in the order in which they wrote.
  std::stable_sort(value.table().begin(), value.table().end(), [](const auto& a, const auto& b) {
    return std::pair(a.value.origin().line, a.value.origin().column) <
           std::pair(b.value.origin().line, b.value.origin().column);
  });
  return value;
}

Value convert(const toml::node& node, const Name& name) {
  const Origin origin = originOf(node.source(), name);
  if (const auto* table = node.as_table()) return convert(*table, name);
  if (const auto* list = node.as_array()) {
    Value value(Value::List(), origin);
    for (const toml::node& element : *list) value.list().push_back(convert(element, name));
    return value;
  }
  if (const auto* text = node.as_string()) return Value(text->get(), origin);
  if (const auto* integer = node.as_integer()) return Value(integer->get(), origin);
  if (const auto* real = node.as_floating_point()) return Value(real->get(), origin);
  if (const auto* boolean = node.as_boolean()) return Value(boolean->get(), origin);
  // A date of TOML: no setting is one, so its text goes on and is refused by the schema with its place.
  std::ostringstream text;
  node.visit([&text](const auto& value) {
    if constexpr (toml::is_chronological<decltype(value)>) text << value;
  });
  return Value(text.str(), origin);
}

/// Lays `upper` over `lower`: tables key by key, everything else as a whole.
void merge(Value& lower, Value upper) {
  if (!lower.isTable() || !upper.isTable()) {
    lower = std::move(upper);
    return;
  }
  for (Value::Member& member : upper.table()) merge(lower.member(member.key), std::move(member.value));
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return small;
}

std::vector<std::string> split(std::string_view text, std::string_view at) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + at.size());
  }
}

/// Puts one text at a path; `problems` learns where the path leads nowhere.
void put(Value& root, const std::vector<std::string>& path, std::string text, const Origin& origin,
         Problems& problems) {
  Value* at = &root;
  std::string walked;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::string& step = path[i];
    if (at->isList()) {
      std::size_t index = 0;
      const auto [end, failure] = std::from_chars(step.data(), step.data() + step.size(), index);
      if (failure != std::errc() || end != step.data() + step.size() || index >= at->list().size()) {
        return problems.error(origin, walked,
                              "'" + step + "' is no index into this list of " + std::to_string(at->list().size()) +
                                  "; lists are made in a file, counted from 0");
      }
      at = &at->list()[index];
      walked = keyPath(walked, index);
    } else {
      if (at->isNull()) *at = Value(Value::Table(), origin);
      if (!at->isTable()) {
        return problems.error(origin, walked, "is " + std::string(at->kind()) + " and has no key '" + step + "'");
      }
      at = &at->member(step);
      walked = keyPath(walked, step);
    }
  }
  if (at->isTable()) return problems.error(origin, walked, "is a table: name one of its keys");
  *at = Value(std::move(text), origin);
}

void layEnvironment(Value& root, const std::map<std::string, std::string>& environment, Problems& problems) {
  for (const auto& [variable, text] : environment) {
    if (variable.compare(0, kPrefix.size(), kPrefix) != 0) continue;
    const Origin origin{Origin::Kind::environment, std::make_shared<const std::string>(variable), 0, 0};
    std::vector<std::string> path = split(lower(std::string_view(variable).substr(kPrefix.size())), "__");
    if (path.size() > 1 && path.back() == "file") {
      path.pop_back();
      path.back() += "_file";
    }
    if (std::any_of(path.begin(), path.end(), [](const std::string& step) { return step.empty(); })) {
      problems.error(origin, {}, "is no name of a setting: write TESTARENA__SECTION__KEY");
      continue;
    }
    put(root, path, text, origin, problems);
  }
}

void layOverrides(Value& root, const std::vector<std::string>& overrides, Problems& problems) {
  for (const std::string& setting : overrides) {
    const std::size_t equals = setting.find('=');
    const std::string key = setting.substr(0, equals);
    const Origin origin{Origin::Kind::command_line, std::make_shared<const std::string>(key), 0, 0};
    const std::vector<std::string> path = split(key, ".");
    if (equals == std::string::npos ||
        std::any_of(path.begin(), path.end(), [](const std::string& step) { return step.empty(); })) {
      problems.error(origin, {}, "'" + setting + "' is no setting: write section.key=value");
      continue;
    }
    put(root, path, setting.substr(equals + 1), origin, problems);
  }
}

/// The main file, then what lies in conf.d beside it.
std::vector<std::filesystem::path> filesOf(const std::filesystem::path& main) {
  std::vector<std::filesystem::path> files = {main};
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(main.parent_path() / "conf.d", failure)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin() + 1, files.end());
  return files;
}

}  // namespace

std::map<std::string, std::string> processEnvironment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (text.compare(0, kPrefix.size(), kPrefix) == 0 && equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

Value parseToml(std::string_view text, const std::string& name) {
  const auto shared = std::make_shared<const std::string>(name);
  try {
    return convert(toml::parse(text, name), shared);
  } catch (const toml::parse_error& failure) {
    throw ConfigurationError(originOf(failure.source(), shared), {}, std::string(failure.description()));
  }
}

Value loadSettings(const SettingsSources& sources) {
  Value root{Value::Table()};
  Problems problems;
  if (!sources.file.empty()) {
    for (const auto& file : filesOf(sources.file)) {
      const auto name = std::make_shared<const std::string>(file.string());
      try {
        Value layer = parseToml(readFile(file), file.string());
        if (root.table().empty()) root.setOrigin({Origin::Kind::file, name, 0, 0});
        merge(root, std::move(layer));
      } catch (const ConfigurationError& failure) {
        for (const Problem& problem : failure.problems()) problems.add(problem);
      } catch (const Error& failure) {
        problems.error({Origin::Kind::file, name, 0, 0}, {}, failure.what());
      }
    }
  }
  layEnvironment(root, sources.environment, problems);
  layOverrides(root, sources.overrides, problems);
  problems.throwIfErrors();
  return root;
}

}  // namespace testarena
