// SPDX-License-Identifier: Apache-2.0
// Programs that tests start, and waiting for what they do.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace testarena::integration {

/// Waits until `condition` holds; a test failure that says `what`, and std::runtime_error, if it never does.
void waitUntil(const std::string& what, const std::function<bool()>& condition);

/// Starts a program with nothing to read and both streams appended to a file; its process id.
pid_t spawn(const std::vector<std::string>& arguments, const std::filesystem::path& output);

/// Waits for a process; its exit code, or minus the signal that ended it.
int waitForEnd(pid_t process);

/// The whole file; empty if there is none.
std::string contentOf(const std::filesystem::path& file);

/// The same without the line breaks at its end.
std::string lineOf(const std::filesystem::path& file);

}  // namespace testarena::integration
