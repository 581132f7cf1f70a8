// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace testarena {

/// Which build this is, on standard output; the exit code.
int showVersion(const char* program, bool json);

}  // namespace testarena
