// SPDX-License-Identifier: Apache-2.0
// When files changed, by the kernel's word: with every write and every rename, and nobody can set it back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <sys/stat.h>

namespace testarena::local_executor {

/// Nanoseconds since 1970 by the clock of the file system, which stands still between two ticks: compare only times of
/// files with each other, and expect them to be equal. Throws std::system_error that names the file.
int64_t changedAt(const struct stat& status);
int64_t changedAt(const std::filesystem::path& file);

/// Makes a file whose time tells what was before it from what comes after: returns when everything that is written from
/// then on gets a later time than `file` has. A tick at most, 1 to 10 ms.
void passTick(const std::filesystem::path& file);

}  // namespace testarena::local_executor
