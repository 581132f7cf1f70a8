// SPDX-License-Identifier: Apache-2.0
// What a manifest may say, wherever it was written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manifest.h"

namespace testarena::manifest {

struct Problem {
  std::string key;  ///< of the table it is in; empty: the table as a whole
  std::string message;
};

std::vector<Problem> problemsOf(const Setup& setup);
std::vector<Problem> problemsOf(const Table& table);
std::vector<Problem> problemsOf(const Results& results);

/// Why a text can be no name of a scenario, in words; empty if it can. Names are shown, logged and typed.
std::string whyNoName(std::string_view name);

/// The name under which the table's only scenario is listed; empty for a glob, which has many.
const std::string& ownName(const Table& table);

}  // namespace testarena::manifest
