// SPDX-License-Identifier: Apache-2.0
// Patterns over paths with '/' between parts.
#pragma once

#include <string>
#include <string_view>

namespace testarena::manifest {

/// `*` and `?` stop at '/', `**/` matches any number of folders, also none; everything else stands for itself.
/// Time is at most |pattern| * |path|, whatever the pattern.
bool globMatches(std::string_view pattern, std::string_view path);

/// Why the text is no usable pattern for files of a checkout (absolute, `..`, `**` not alone between slashes, ...), in
/// words; empty if it is.
std::string whyNoGlob(std::string_view pattern);

/// Why the text is no path below the checkout, in words; empty if it is.
std::string whyNoPath(std::string_view path);

}  // namespace testarena::manifest
