// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace testarena {

/// For main: what `run` throws becomes a line on standard error, after the program's name where it is not about the
/// configuration's text, and an exit code (exit_code.h).
int runProgram(const char* name, int (*run)(int argc, char** argv), int argc, char** argv);

}  // namespace testarena
