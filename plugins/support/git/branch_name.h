// SPDX-License-Identifier: Apache-2.0
// Which texts may be names of branches.
#pragma once

#include <string>
#include <string_view>

namespace testarena::git {

/// Why the text can be no branch name here, in words for the person who typed it; empty if it can.
///
/// An allow-list (letters, digits, `. _ / + -`, at most 200 bytes, no leading `-`) on top of git's own rules: git
/// itself accepts `$(id)`, `a|b` and `--output=x`, and sooner or later a name is handed to something that reads more
/// into it.
std::string whyNoBranchName(std::string_view text);

/// True for a full object name: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
bool isObjectName(std::string_view text);

}  // namespace testarena::git
