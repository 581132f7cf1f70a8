// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace testarena::http_executor {

/// Replaces a file, whole or not at all, and durably when it returns; makes its folder where there is none. Not for two
/// threads and the same file at once. Throws Exhausted where the disk is full, otherwise Unavailable.
void writeDurably(const std::filesystem::path& file, std::string_view text);

}  // namespace testarena::http_executor
