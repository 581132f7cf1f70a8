// SPDX-License-Identifier: Apache-2.0
// Looks at a library's file without running a byte of it: is it one, is it for this machine, is it a plugin.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace testarena::plugin_host {

struct Image {
  std::uint32_t abi_version = 0;
  std::uint32_t struct_size = 0;
  std::optional<std::string> manifest;  ///< nothing: it can only be read once the library is loaded
  std::vector<std::string> needed;      ///< names of libraries it was linked with
  std::string glibc;                    ///< the newest version of the C library it needs, "2.36"; may be empty
};

/// Throws Refused: no file, a folder, no library, cut off, for another machine, without the plugin's symbol, of another
/// ABI, or in need of a newer C library. Nothing in the file is trusted: any bytes give an Image or Refused.
Image inspectImage(const std::filesystem::path& file);

}  // namespace testarena::plugin_host
