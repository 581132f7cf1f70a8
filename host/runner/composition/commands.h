// SPDX-License-Identifier: Apache-2.0
// The commands of the program. Each returns the exit code; what is wrong is thrown.
#pragma once

#include <string>

#include "command_line.h"

namespace testarena::runner {

int serve(const CommonOptions& options);
int checkConfiguration(const CommonOptions& options);
int makeToken(const std::string& name, bool json);

}  // namespace testarena::runner
