// SPDX-License-Identifier: Apache-2.0
// The commands of the program. Each returns the exit code; what is wrong is thrown.
#pragma once

#include <filesystem>
#include <string>

#include "command_line.h"

namespace testarena::server {

int serve(const CommonOptions& options);
int checkConfiguration(const CommonOptions& options);
int administrate(const CommonOptions& options, const std::string& command, const std::string& name,
                 const std::string& role);
int listPluginFiles(const CommonOptions& options);
int inspectPlugin(const std::filesystem::path& file);

}  // namespace testarena::server
