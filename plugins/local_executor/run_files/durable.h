// SPDX-License-Identifier: Apache-2.0
// Files that are there whole or not at all, also after a loss of power.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace testarena::local_executor {

/// All throw std::system_error that names the file.

/// Writes a new file and puts it in the place of an old one. When this returns, it survives kill -9 and loss of power.
void writeDurably(const std::filesystem::path& file, std::string_view content);

/// Makes the entries of a folder durable: what was created in it, renamed into it, removed from it.
void syncFolder(const std::filesystem::path& folder);

/// The content, unset if there is no such file.
std::optional<std::string> readIfThere(const std::filesystem::path& file);

/// Throws std::system_error for `errno`, with the words "<action> <file>".
[[noreturn]] void throwErrno(std::string_view action, const std::filesystem::path& file);

}  // namespace testarena::local_executor
