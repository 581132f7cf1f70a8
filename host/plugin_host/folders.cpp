// SPDX-License-Identifier: Apache-2.0
#include "folders.h"

#include <map>
#include <system_error>

#include "files.h"
#include "refused.h"
#include "text.h"

namespace testarena::plugin_host {

std::vector<std::filesystem::path> pluginFolders(const std::vector<std::filesystem::path>& configured) {
  std::vector<std::filesystem::path> folders = configured;
  const std::filesystem::path beside = programFile().parent_path().parent_path();
  folders.push_back(beside / "plugins");
  folders.push_back(beside / "lib" / "testarena" / "plugins");
  return folders;
}

std::filesystem::path findPlugin(std::string_view nameOrPath, const std::vector<std::filesystem::path>& folders,
                                 const std::filesystem::path& base) {
  if (nameOrPath.find('/') != std::string_view::npos) {
    // Whether it is there and what it is, is said by whoever opens it.
    return std::filesystem::absolute(base / nameOrPath).lexically_normal();
  }
  std::string file(nameOrPath);
  if (file.size() < 3 || file.compare(file.size() - 3, 3, ".so") != 0) file += ".so";
  std::vector<std::string> looked;
  for (const auto& folder : folders) {
    std::error_code ignored;
    const std::filesystem::path candidate = folder / file;
    if (std::filesystem::exists(candidate, ignored)) return std::filesystem::absolute(candidate).lexically_normal();
    looked.push_back(folder.string());
  }
  std::vector<std::string> known;
  for (const auto& found : pluginFiles(folders)) known.push_back(found.stem().string());
  throw Refused("plugin '" + std::string(nameOrPath) + "': there is no " + file + " in " + join(looked, ", ") +
                didYouMean(nameOrPath, known) + (known.empty() ? "" : " plugins there: " + join(known, ", ")) +
                "; add its folder to [plugins] path, or give its path with a '/'");
}

std::vector<std::filesystem::path> pluginFiles(const std::vector<std::filesystem::path>& folders) {
  std::map<std::string, std::filesystem::path> files;
  for (const auto& folder : folders) {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
      if (entry.path().extension() == ".so") {
        files.emplace(entry.path().stem().string(), std::filesystem::absolute(entry.path()).lexically_normal());
      }
    }
  }
  std::vector<std::filesystem::path> all;
  for (auto& [name, file] : files) all.push_back(file);
  return all;
}

}  // namespace testarena::plugin_host
