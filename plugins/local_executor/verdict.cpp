// SPDX-License-Identifier: Apache-2.0
#include "verdict.h"

#include <cstring>

namespace testarena::local_executor {
namespace {

constexpr int64_t kSkipped = 77;  // as automake and meson have it

Verdict judgeExit(int64_t code) {
  if (code == 0) return {State::passed, ""};
  if (code == kSkipped) return {State::skipped, ""};
  return {State::failed, ""};
}

/// "some of its processes ..." behind a sentence that stands without it.
std::string withNote(std::string reason, const std::string& note) {
  if (note.empty()) return reason;
  return reason.empty() ? note : reason + "; " + note;
}

}  // namespace

Verdict judge(const RunResult& result, const VerdictLimits& limits) {
  Verdict verdict;
  switch (result.ending) {
    case Ending::exited:
      verdict = judgeExit(result.exit_code);
      break;
    case Ending::signalled:
      verdict = {State::failed, "ended by " + signalInWords(result.signal)};
      break;
    case Ending::time_limit:
      verdict = {State::failed, "ran longer than " + durationInWords(limits.time_limit_ms)};
      break;
    case Ending::output_limit:
      verdict = {State::failed, "wrote more than " + sizeInWords(limits.output_limit)};
      break;
    case Ending::process_limit:
      verdict = {State::failed, "had more than " + std::to_string(limits.process_limit) + " processes at once"};
      break;
    case Ending::aborted:
      verdict = {State::aborted, ""};
      break;
    case Ending::not_runnable:
      verdict = {State::failed, ""};
      break;
    case Ending::machine:
      verdict = {State::errored, ""};
      break;
    case Ending::lost:
      verdict = {State::errored,
                 "supervisor lost: the process that watched the run was killed, its outcome is not known"};
      break;
    case Ending::unknown:
      verdict = {State::errored, "the executor cannot read how it ended"};
      break;
  }
  verdict.reason = withNote(std::move(verdict.reason), result.reason);
  return verdict;
}

std::string durationInWords(int64_t milliseconds) {
  if (milliseconds < 1000) return std::to_string(milliseconds) + " ms";
  std::string text = std::to_string(milliseconds / 1000);
  if (const int64_t rest = milliseconds % 1000; rest != 0) {
    std::string digits = std::to_string(1000 + rest).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  return text + " s";
}

std::string sizeInWords(int64_t bytes) {
  constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (unit + 1 < std::size(kUnits) && bytes >= 1024 && bytes % 1024 == 0) {
    bytes /= 1024;
    ++unit;
  }
  return std::to_string(bytes) + " " + kUnits[unit];
}

std::string signalInWords(int64_t signal) {
  const char* name = sigabbrev_np(static_cast<int>(signal));
  std::string text = "signal " + std::to_string(signal);
  if (name != nullptr) text += " (SIG" + std::string(name) + ")";
  return text;
}

}  // namespace testarena::local_executor
