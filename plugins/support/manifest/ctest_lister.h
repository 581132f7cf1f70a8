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

  // What must be kept when several ctest programs run the tests of one build folder: each knows only its own test.
  bool serial = false;             ///< RUN_SERIAL: beside no other test
  std::vector<std::string> locks;  ///< RESOURCE_LOCK, and the fixtures it belongs to: beside no test with one of them
  std::vector<std::string> after;  ///< DEPENDS: not before these have ended
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

struct CtestReport {
  CtestVerdict verdict = CtestVerdict::unknown;
  std::string reason;  ///< why it was not run, in ctest's words; empty if it was
};

/// What ctest's JUnit report says about the test. Its exit code alone does not do: it is 0 for a test that was skipped
/// and not 0 for one that is disabled. `unknown`: the report does not say, as when ctest itself failed. Not run is
/// skipped if the test or its author wanted it so, and failed otherwise: its program is missing, or a fixture that it
/// needs has failed.
CtestReport readCtestReport(std::string_view junit, std::string_view test);

inline CtestVerdict readCtestVerdict(std::string_view junit, std::string_view test) {
  return readCtestReport(junit, test).verdict;
}

}  // namespace testarena::manifest
