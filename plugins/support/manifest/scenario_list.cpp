// SPDX-License-Identifier: Apache-2.0
#include "scenario_list.h"

#include <array>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include <sodium/crypto_generichash.h>

#include <testarena/utf8.h>

#include "glob.h"
#include "manifest_rules.h"

namespace testarena::manifest {
namespace {

/// What a scenario of a file comes to: its content, how it is run and for how long. Lengths are part of it, so that
/// words cannot flow into each other.
std::string digestOf(const Table& table, const SourceFile& file) {
  std::string whole = file.digest;
  for (const std::string& word : table.command) whole += "\n" + std::to_string(word.size()) + ":" + word;
  whole += "\n" + std::to_string(table.timeout_s);
  std::array<unsigned char, crypto_generichash_BYTES_MIN> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(whole.data()), whole.size(),
                     nullptr, 0);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char octet : hash) {
    text += kDigits[octet >> 4];
    text += kDigits[octet & 15];
  }
  return text;
}

/// Collects scenarios in the order of the tables.
class Lister {
 public:
  explicit Lister(const Reading& reading) : reading_(reading), ofTable_(reading.manifest.scenarios.size()) {
    scan_.diagnostics = reading.diagnostics;
  }

  Scan list(const std::vector<SourceFile>& files) {
    for (const SourceFile& file : files) assign(file);
    for (std::size_t i = 0; i < ofTable_.size(); ++i) addTable(i);
    return std::move(scan_);
  }

 private:
  /// Gives the file to the first table that matches.
  void assign(const SourceFile& file) {
    const std::vector<Table>& tables = reading_.manifest.scenarios;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      if (tables[i].glob.empty() || !globMatches(tables[i].glob, file.path)) continue;
      ofTable_[i].push_back(&file);
      return;
    }
  }

  void addTable(std::size_t index) {
    const Table& table = reading_.manifest.scenarios[index];
    const int64_t line = index < reading_.lines.size() ? reading_.lines[index] : 0;
    if (table.glob.empty()) {
      add(scenarioOf(table, ownName(table)), {reading_.path, line, 0, {}});
      return;
    }
    if (ofTable_[index].empty()) {
      report(
          {reading_.path, line, 0, "the pattern '" + table.glob + "' matches no file that an earlier table has left"});
    }
    for (const SourceFile* file : ofTable_[index]) addFile(table, *file);
  }

  void addFile(const Table& table, const SourceFile& file) {
    const std::string path = cleanUtf8(file.path);
    const std::string name(scenarioName(file.path));
    if (!file.regular) {
      report({path, 0, 0, "it matches '" + table.glob + "', but is no regular file: list what it stands for instead"});
    } else if (const std::string why = whyNoName(file.path); !why.empty()) {
      report({path, 0, 0, "it matches '" + table.glob + "', but its name " + why});
    } else {
      Scenario scenario = scenarioOf(table, name);
      scenario.path = file.path;
      scenario.digest = digestOf(table, file);
      add(std::move(scenario), {path, 0, 0, {}});
    }
  }

  static Scenario scenarioOf(const Table& table, const std::string& name) {
    Scenario scenario;
    scenario.name = name;
    scenario.tags = table.tags;
    scenario.timeout_s = table.timeout_s;
    scenario.description = table.description;
    scenario.expands = !table.lister.empty();
    return scenario;
  }

  void add(Scenario scenario, Diagnostic where) {
    const std::string place = where.line == 0 ? where.path : where.path + ", line " + std::to_string(where.line);
    const auto [first, fresh] = placeOfName_.try_emplace(scenario.name, place);
    if (!fresh) {
      where.message = "there are two scenarios named '" + scenario.name + "': the other is in " + first->second +
                      "; this one is not listed";
      report(std::move(where));
      return;
    }
    scan_.scenarios.push_back(std::move(scenario));
  }

  void report(Diagnostic diagnostic) { scan_.diagnostics.push_back(std::move(diagnostic)); }

  const Reading& reading_;
  std::vector<std::vector<const SourceFile*>> ofTable_;
  std::unordered_map<std::string, std::string> placeOfName_;
  Scan scan_;
};

}  // namespace

// The dot of `.hidden` begins no ending.
std::string_view scenarioName(std::string_view path) {
  const std::size_t name = path.rfind('/') + 1;  // 0 if there is none
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos || dot <= name ? path : path.substr(0, dot);
}

Scan listScenarios(const Reading& reading, const std::vector<SourceFile>& files) {
  return Lister(reading).list(files);
}

}  // namespace testarena::manifest
