// SPDX-License-Identifier: Apache-2.0
// "did you mean"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testarena::manifest {

/// "; did you mean 'glob'?" if one of the known words is close to `word`, else the known words themselves:
/// "; known are: glob, name".
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace testarena::manifest
