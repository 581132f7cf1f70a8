// SPDX-License-Identifier: Apache-2.0
// A plugin's shared library, loaded and known to be one.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include <testarena/abi.h>

#include "manifest.h"

namespace testarena::plugin_host {

/// Constant after loading; any thread. Libraries are never unloaded: threads, exit handlers and thread-local objects of
/// a plugin may outlive every instance, and would run into unmapped code.
class Library {
 public:
  /// Checks the file, loads it and checks its table and manifest. Throws Refused. Code of the library (its static
  /// constructors) runs only after all that can be checked without it.
  static std::shared_ptr<Library> load(const std::filesystem::path& file);

  const std::filesystem::path& file() const { return file_; }
  const ta_plugin& table() const { return *table_; }
  const Manifest& manifest() const { return manifest_; }

  /// Held while `create` runs: the ABI promises one thread at a time for a plugin.
  std::mutex& createMutex() { return createMutex_; }

 private:
  Library(std::filesystem::path file, const ta_plugin& table, Manifest manifest);

  std::filesystem::path file_;
  const ta_plugin* table_;
  Manifest manifest_;
  std::mutex createMutex_;
};

/// Throws Refused unless only root and this account can change the file and its folder.
void refuseWritableByOthers(const std::filesystem::path& file);

/// The manifest of a plugin, read from the file alone where that is possible. Throws Refused.
Manifest readManifest(const std::filesystem::path& file);

}  // namespace testarena::plugin_host
