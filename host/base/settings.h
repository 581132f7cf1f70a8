// SPDX-License-Identifier: Apache-2.0
// Reads the configuration: TOML files, environment variables and the command line, laid one above the other.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "value.h"

namespace testarena {

/// From the weakest to the strongest.
///  file         the main file, then `conf.d/*.toml` beside it in the order of their names. Tables are merged key by
///  key;
///               anything else, arrays and arrays of tables included, is replaced.
///  environment  `TESTARENA__SERVER__LISTEN=...` is `server.listen`, a number is an index into an array that a file has
///               made (`TESTARENA__ENVIRONMENT__0__EXECUTOR__SLOTS`); names are compared without case, `__FILE` at the
///               end is the key `..._file`. Variables with another beginning are not looked at.
///  overrides    `server.listen=127.0.0.1:0`, as given on the command line.
struct SettingsSources {
  std::filesystem::path file;                      ///< empty: no file at all
  std::map<std::string, std::string> environment;  ///< normally processEnvironment()
  std::vector<std::string> overrides;
};

/// The variables of this process that begin with TESTARENA__.
std::map<std::string, std::string> processEnvironment();

/// One tree of everything; nothing in it is checked but the syntax. Throws ConfigurationError with every file's errors.
/// Text from the environment and the command line stays text: Schema turns it into what it must be.
Value loadSettings(const SettingsSources& sources);

/// One TOML text as such a tree; `name` is what messages call it.
Value parseToml(std::string_view text, const std::string& name);

}  // namespace testarena
