// SPDX-License-Identifier: Apache-2.0
// From arguments to a line for a shell. SSH has no argv: what is sent is one text, and the account's shell over there
// takes it apart again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testarena::ssh {

/// One word for any POSIX shell that stands for exactly these bytes. Every byte but NUL can be said; NUL is Invalid.
std::string shellQuoted(std::string_view word);

/// The line that runs this program with these arguments. Invalid: there are none, or one has a NUL.
std::string commandLine(const std::vector<std::string>& argv);

}  // namespace testarena::ssh
