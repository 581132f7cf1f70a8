// SPDX-License-Identifier: Apache-2.0
// Where plugins are looked for.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace testarena::plugin_host {

/// The folders of `[plugins] path`, then ../plugins and ../lib/testarena/plugins beside the program's own file.
std::vector<std::filesystem::path> pluginFolders(const std::vector<std::filesystem::path>& configured);

/// The file of a plugin. A name ("farm_executor") is looked up in the folders, the first wins; what has a '/' in it is
/// a path, relative to `base`. Throws Refused, with where was looked and the nearest name, if there is no such file.
std::filesystem::path findPlugin(std::string_view nameOrPath, const std::vector<std::filesystem::path>& folders,
                                 const std::filesystem::path& base = {});

/// All files *.so of the folders by name; of two with one name the first folder's.
std::vector<std::filesystem::path> pluginFiles(const std::vector<std::filesystem::path>& folders);

}  // namespace testarena::plugin_host
