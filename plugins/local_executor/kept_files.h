// SPDX-License-Identifier: Apache-2.0
// Files of the checkout that are kept with a run: `[results]` of the manifest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace testarena::local_executor {

/// Copies the regular files below `checkout` that match a glob and changed after `after` (changedAt() of a file that is
/// older) into `target`, under the same relative names. `target` is there whole or not at all; if it is there already,
/// nothing happens. Links are neither followed nor copied. What goes beyond 10,000 files or 4 GiB is left out.
///
/// The runs of a job share its checkout: of two runs at once, each gets what the other has written meanwhile as well.
///
/// Throws std::system_error if a copy cannot be written.
void keepFiles(const std::filesystem::path& checkout, const std::vector<std::string>& globs, int64_t after,
               const std::filesystem::path& target);

}  // namespace testarena::local_executor
