// SPDX-License-Identifier: Apache-2.0
// Removing what tests have left behind.
#pragma once

#include <filesystem>

namespace testarena::local_executor {

/// Removes the folder and all below it, whatever a test has made of it: read-only folders, folders of any depth, names
/// of any bytes. Symbolic links are removed, never followed, also when somebody swaps a folder for a link meanwhile.
/// Nothing happens if there is no such folder. Throws std::system_error for what cannot be removed; the rest may be
/// gone by then.
void removeTree(const std::filesystem::path& folder);

}  // namespace testarena::local_executor
