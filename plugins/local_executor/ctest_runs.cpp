// SPDX-License-Identifier: Apache-2.0
#include "ctest_runs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "ctest_lister.h"
#include "descriptor.h"

namespace testarena::local_executor {
namespace {

constexpr int64_t kMostBytes = int64_t{64} << 20;
constexpr std::size_t kReasonLength = 300;
constexpr int64_t kAfterCtest = 30;  // seconds that ctest gets to end a test by itself, and say so

/// What a run has written: a regular file and no link, of reasonable size; empty if it is anything else.
std::string readWritten(const std::filesystem::path& file) {
  const process::Descriptor in(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status = {};
  if (!in || fstat(in.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > kMostBytes) return {};
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t size = pread(in.get(), text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

std::string firstLine(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \n\r\t");
  if (begin == std::string::npos) return {};
  const std::string line = text.substr(begin, text.find('\n', begin) - begin);
  return cleanUtf8(line.substr(0, kReasonLength));
}

Verdict noListing(const RunFolder& files, const PlannedRun& lister, const RunResult& result, const Verdict& judged) {
  if (judged.state == State::aborted || judged.state == State::errored) return judged;
  std::string reason = "ctest could not list the tests of " + lister.build_dir;
  if (!judged.reason.empty()) reason += ": " + judged.reason;
  if (result.ending == Ending::exited) reason += ": exit code " + std::to_string(result.exit_code);
  const std::string said = firstLine(readWritten(files.output() / "errors"));
  if (!said.empty()) reason += ": " + said;
  return {State::errored, reason};
}

}  // namespace

std::filesystem::path ctestReport(const RunFolder& folder) {
  return folder.output() / "ctest.xml";
}

Expansion readListing(const JobFolder& folder, const std::string& run, const PlannedRun& lister,
                      const RunResult& result, const Verdict& judged) {
  const RunFolder files = folder.run(run);
  if (judged.state != State::passed) return {{}, noListing(files, lister, result, judged)};
  Expansion expansion;
  manifest::Listing listing;
  try {
    listing = manifest::parseCtestListing(readWritten(files.log()));
  } catch (const Invalid& error) {
    return {{}, {State::errored, error.what()}};
  }
  for (std::size_t i = 0; i < listing.tests.size(); ++i) {
    const manifest::ListedTest& test = listing.tests[i];
    PlannedRun planned;
    planned.request.scenario = test.name;
    planned.request.attempt = lister.request.attempt;
    planned.request.expanded_from = lister.lister;
    planned.command = manifest::ctestRunCommand(lister.build_dir, test.name,
                                                ctestReport(folder.run(run + "." + std::to_string(i))).string());
    planned.timeout_s = lister.timeout_s;
    if (planned.timeout_s == 0 && test.timeout_s > 0) planned.timeout_s = test.timeout_s + kAfterCtest;
    planned.build_dir = lister.build_dir;
    planned.serial = test.serial;
    planned.locks = test.locks;
    planned.after = test.after;
    expansion.tests.push_back(std::move(planned));
  }
  if (expansion.tests.empty()) {
    std::string reason = "ctest found no tests in " + lister.build_dir;
    if (!listing.problems.empty()) reason += " that can be run: " + listing.problems.front();
    return {{}, {State::errored, reason}};
  }
  expansion.verdict = {State::passed, {}};
  return expansion;
}

Verdict judgeCtestRun(const RunFolder& folder, const PlannedRun& test, const RunResult& result, const Verdict& judged) {
  using manifest::CtestVerdict;
  if (result.ending == Ending::not_runnable) return {State::errored, judged.reason};  // ctest itself, not the test
  if (result.ending != Ending::exited) return judged;
  const std::string report = readWritten(ctestReport(folder));
  const manifest::CtestReport said = manifest::readCtestReport(report, test.request.scenario);
  switch (said.verdict) {
    case CtestVerdict::skipped:
      return {State::skipped, said.reason};
    case CtestVerdict::failed:
      return {State::failed, said.reason};
    case CtestVerdict::unknown:
      return {State::errored, "ctest has not run the test " + test.request.scenario + ": exit code " +
                                  std::to_string(result.exit_code) + ", see the log"};
    case CtestVerdict::passed:
      break;
  }
  if (result.exit_code == 0) return {State::passed, {}};
  return {State::failed, "the test passed, but ctest failed after it, as with a fixture's cleanup: see the log"};
}

}  // namespace testarena::local_executor
