// SPDX-License-Identifier: Apache-2.0
// ctest as a lister: the tests of a CMake project become scenarios.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/discoverer.h>

namespace testarena::manifest {

struct ListedTest {
  std::string name;
  int64_t timeout_s = 0;  ///< ctest ends the test by itself then; 0: ctest's default
  bool disabled = false;
  std::vector<std::string> labels;
};

struct Listing {
  std::vector<ListedTest> tests;      ///< in ctest's order; names are unique
  std::vector<std::string> problems;  ///< in words: tests left out, and why
};

/// Lists without running anything. To be run in the checkout; the answer on standard output goes to parseCtestListing.
std::vector<std::string> ctestListCommand(std::string_view build_dir);

/// Reads the answer of ctestListCommand. `Invalid`: it is none; the text says what was found instead.
Listing parseCtestListing(std::string_view json);

/// Runs exactly the test of this name, and the fixtures that it requires. A name that matches no test is a failure, not
/// a success. The report at `junit_file` says whether it was skipped, which ctest's exit code does not.
std::vector<std::string> ctestRunCommand(std::string_view build_dir, std::string_view test,
                                         std::string_view junit_file);

enum class CtestVerdict { unknown, passed, failed, skipped };

/// What ctest's JUnit report says about the test.
CtestVerdict readCtestVerdict(std::string_view junit, std::string_view test);

}  // namespace testarena::manifest
