// SPDX-License-Identifier: Apache-2.0
#include "manifest.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <toml++/toml.h>

#include <testarena/utf8.h>

#include "manifest_rules.h"
#include "nearest.h"

namespace testarena::manifest {
namespace {

using Keys = std::vector<std::string_view>;

const Keys kTopKeys = {"setup", "scenarios", "results"};
const Keys kSetupKeys = {"command", "timeout_s"};
const Keys kTableKeys = {"glob", "name", "lister", "command", "build_dir", "timeout_s", "tags", "description"};
const Keys kResultKeys = {"junit", "tap", "artifacts"};

/// What a value is called in a message.
std::string typeName(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  if (node.is_string()) return "a text";
  if (node.is_integer()) return "a number";
  if (node.is_floating_point()) return "a number with a fraction";
  if (node.is_boolean()) return "true or false";
  return "a date or time";
}

/// Reads one TOML document. Goes on after a mistake: whoever corrects a manifest wants to see all of them at once.
class Reader {
 public:
  explicit Reader(std::string_view path) { reading_.path = path; }

  Reading read(std::string_view text) {
    if (text.size() > kMaxFileSize) {
      report({}, "it is longer than " + std::to_string(kMaxFileSize) + " bytes");
      return std::move(reading_);
    }
    try {
      readDocument(toml::parse(text));
    } catch (const toml::parse_error& error) {
      report(error.source(), "it is no TOML: " + cleanUtf8(error.description()));
    }
    return std::move(reading_);
  }

 private:
  void report(const toml::source_region& where, std::string message) {
    reading_.diagnostics.push_back({reading_.path, where.begin.line, where.begin.column, std::move(message)});
    clean_ = false;
  }

  void readDocument(const toml::table& document) {
    refuseUnknownKeys(document, kTopKeys, "");
    if (const toml::table* setup = tableAt(document, "setup", "[setup]")) {
      readSetup(*setup);
    } else {
      reading_.setup_is_broken = document.contains("setup");
    }
    if (const toml::node* scenarios = document.get("scenarios")) readScenarios(*scenarios);
    if (const toml::table* results = tableAt(document, "results", "[results]")) readResults(*results);
  }

  void readSetup(const toml::table& table) {
    Setup setup;
    clean_ = true;
    refuseUnknownKeys(table, kSetupKeys, "[setup]");
    readList(table, "command", setup.command);
    readTimeout(table, setup.timeout_s);
    if (clean_) reportProblems(table, problemsOf(setup));
    if (clean_) reading_.manifest.setup = std::move(setup);
    reading_.setup_is_broken = !clean_;
  }

  void readScenarios(const toml::node& node) {
    const toml::array* tables = node.as_array();
    if (!tables || !std::all_of(tables->begin(), tables->end(), [](const toml::node& n) { return n.is_table(); })) {
      report(node.source(),
             "scenarios is " + typeName(node) + ": write [[scenarios]] in double brackets, once for each entry");
      return;
    }
    for (const toml::node& table : *tables) readTable(*table.as_table());
  }

  void readTable(const toml::table& from) {
    Table table;
    clean_ = true;
    refuseUnknownKeys(from, kTableKeys, "[[scenarios]]");
    readText(from, "glob", table.glob);
    readText(from, "name", table.name);
    readText(from, "lister", table.lister);
    readList(from, "command", table.command);
    readText(from, "build_dir", table.build_dir);
    if (!table.lister.empty() && !from.contains("build_dir")) table.build_dir = kDefaultBuildDir;
    readTimeout(from, table.timeout_s);
    readList(from, "tags", table.tags);
    readText(from, "description", table.description);
    if (clean_) reportProblems(from, problemsOf(table));
    if (clean_) refuseSecondOfName(from, ownName(table));
    if (!clean_) return;
    reading_.lines.push_back(from.source().begin.line);
    reading_.manifest.scenarios.push_back(std::move(table));
  }

  void readResults(const toml::table& table) {
    Results results;
    clean_ = true;
    refuseUnknownKeys(table, kResultKeys, "[results]");
    readList(table, "junit", results.junit);
    readList(table, "tap", results.tap);
    readList(table, "artifacts", results.artifacts);
    if (clean_) reportProblems(table, problemsOf(results));
    if (clean_) reading_.manifest.results = std::move(results);
  }

  void refuseUnknownKeys(const toml::table& table, const Keys& known, std::string_view where) {
    for (const auto& [key, node] : table) {
      const std::string_view name = key.str();
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string in = where.empty() ? "" : " in " + std::string(where);
      report(key.source(), "there is no key '" + std::string(name.substr(0, 100)) + "'" + in + suggestion(name, known));
    }
  }

  void refuseSecondOfName(const toml::table& table, const std::string& name) {
    if (name.empty()) return;
    const int64_t line = table.source().begin.line;
    const auto [first, fresh] = lineOfName_.try_emplace(name, line);
    if (fresh) return;
    report(table.source(), "there are two scenarios named '" + name + "': here and in line " +
                               std::to_string(first->second) + "; rename one");
  }

  /// The table under this key; nothing if there is none, or something else, which is reported.
  const toml::table* tableAt(const toml::table& document, std::string_view key, std::string_view written) {
    const toml::node* node = document.get(key);
    if (!node) return nullptr;
    if (!node->is_table()) {
      report(node->source(), std::string(key) + " is " + typeName(*node) + ": write " + std::string(written));
    }
    return node->as_table();
  }

  void readText(const toml::table& table, std::string_view key, std::string& text) {
    const toml::node* node = table.get(key);
    if (!node) return;
    if (const auto* value = node->as_string()) {
      text = value->get();
      if (text.empty() && key != "description") report(node->source(), std::string(key) + " is empty");
    } else {
      report(node->source(), std::string(key) + " is " + typeName(*node) + ", it must be a text in quotes");
    }
  }

  void readList(const toml::table& table, std::string_view key, std::vector<std::string>& list) {
    const toml::node* node = table.get(key);
    if (!node) return;
    const toml::array* array = node->as_array();
    if (!array) {
      const char* example = key == "command" ? ", each word by itself, as in [\"sh\", \"{path}\"]" : "";
      report(node->source(), std::string(key) + " is " + typeName(*node) + ", it must be a list of texts" + example);
      return;
    }
    for (const toml::node& element : *array) {
      if (const auto* value = element.as_string()) {
        list.push_back(value->get());
      } else {
        report(element.source(), std::string(key) + " has " + typeName(element) + " in its list of texts");
      }
    }
  }

  void readTimeout(const toml::table& table, int64_t& timeout) {
    const toml::node* node = table.get("timeout_s");
    if (!node) return;
    const auto* value = node->as_integer();
    if (!value) {
      report(node->source(), "timeout_s is " + typeName(*node) + ", it must be a whole number of seconds");
    } else if (value->get() == 0) {
      report(node->source(), "timeout_s is 0: leave it out for no limit of its own");
    } else {
      timeout = value->get();
    }
  }

  void reportProblems(const toml::table& table, const std::vector<Problem>& problems) {
    for (const Problem& problem : problems) {
      const toml::node* node = problem.key.empty() ? nullptr : table.get(problem.key);
      report(node ? node->source() : table.source(), problem.message);
    }
  }

  Reading reading_;
  std::map<std::string, int64_t> lineOfName_;
  bool clean_ = true;  // nothing was reported of the table that is being read
};

}  // namespace

Reading readManifest(std::string_view text, std::string_view path) {
  return Reader(path).read(text);
}

Reading checkManifest(const Manifest& manifest, std::string_view path) {
  Reading reading;
  reading.path = path;
  const auto accept = [&](const std::string& where, const std::vector<Problem>& problems) {
    for (const Problem& problem : problems) {
      reading.diagnostics.push_back({reading.path, 0, 0, where + ": " + problem.message});
    }
    return problems.empty();
  };
  if (manifest.setup != Setup{}) {
    reading.setup_is_broken = !accept("setup", problemsOf(manifest.setup));
    if (!reading.setup_is_broken) reading.manifest.setup = manifest.setup;
  }
  if (accept("results", problemsOf(manifest.results))) reading.manifest.results = manifest.results;
  std::map<std::string, std::string> seen;
  for (std::size_t i = 0; i < manifest.scenarios.size(); ++i) {
    Table table = manifest.scenarios[i];
    const std::string where = "scenarios[" + std::to_string(i) + "]";
    if (!table.lister.empty() && table.build_dir.empty()) table.build_dir = kDefaultBuildDir;
    if (!accept(where, problemsOf(table))) continue;
    const auto [first, fresh] = seen.try_emplace(ownName(table), where);
    if (!fresh && !ownName(table).empty()) {
      accept(where, {{"", "there are two scenarios named '" + ownName(table) + "', the other is " + first->second}});
      continue;
    }
    reading.lines.push_back(0);
    reading.manifest.scenarios.push_back(std::move(table));
  }
  return reading;
}

}  // namespace testarena::manifest
