// SPDX-License-Identifier: Apache-2.0
#include "script.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace testarena::dummy_executor {
namespace {

using std::chrono::milliseconds;

constexpr int64_t kFloodBytes = int64_t{64} << 20;
constexpr int64_t kMostLines = 100'000'000;
constexpr std::string_view kFloodLine = "All work and no play makes Jack a dull boy, says the flood...63\n";
static_assert(kFloodLine.size() == 64);

/// The number behind `prefix`, with its unit left in `rest`.
std::optional<int64_t> numberAfter(std::string_view word, std::string_view prefix, std::string_view& rest) {
  if (word.substr(0, prefix.size()) != prefix) return std::nullopt;
  word.remove_prefix(prefix.size());
  int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  rest = word.substr(static_cast<std::size_t>(end - word.data()));
  return number;
}

std::optional<milliseconds> timeAfter(std::string_view word, std::string_view prefix) {
  std::string_view unit;
  const std::optional<int64_t> number = numberAfter(word, prefix, unit);
  if (!number || *number > 1'000'000'000) return std::nullopt;
  if (unit == "ms") return milliseconds(*number);
  if (unit == "s") return milliseconds(*number * 1000);
  if (unit == "m") return milliseconds(*number * 60'000);
  return std::nullopt;
}

void readWord(std::string_view word, Script& script, bool& hasEnd) {
  const auto end = [&](State state) {
    if (!hasEnd) script.end = state;
    hasEnd = true;
  };
  if (word == "pass") end(State::passed);
  if (word == "fail") end(State::failed);
  if (word == "skip") end(State::skipped);
  if (word == "error") end(State::errored);
  if (word == "flood") script.flood = true;
  if (word == "hang") script.hang = true;
  if (word == "lose-request") script.loseRequest = true;
  if (word == "lose-answer") script.loseAnswer = true;
  if (word == "deny-again") script.denyAgain = true;
  if (word == "refuse") script.refuse = true;
  if (word == "forget") script.forget = true;
  if (word == "lie-terminal") script.lieTerminal = true;
  if (word == "hang-status") script.hangStatus = true;
  if (word == "garbage") script.garbage = true;
  if (word == "deaf") script.deaf = true;
  if (const auto time = timeAfter(word, "sleep-")) script.duration = *time;
  if (const auto time = timeAfter(word, "slow-submit-")) script.slowSubmit = *time;
  std::string_view rest;
  if (const auto lines = numberAfter(word, "log-", rest); lines && rest.empty())
    script.lines = std::min(*lines, kMostLines);
}

/// Bytes of "line 1\n" to "line N\n".
int64_t sizeOfLines(int64_t lines) {
  int64_t size = 0;
  int64_t digits = 1;
  for (int64_t first = 1; first <= lines; first *= 10, ++digits) {
    const int64_t last = std::min(lines, first * 10 - 1);
    size += (last - first + 1) * (6 + digits);
  }
  return size;
}

/// The line that holds the byte at `offset`, from 1.
int64_t lineAt(int64_t offset) {
  int64_t digits = 1;
  for (int64_t first = 1;; first *= 10, ++digits) {
    const int64_t size = first * 9 * (6 + digits);
    if (offset < size) return first + offset / (6 + digits);
    offset -= size;
  }
}

}  // namespace

Script readScript(std::string_view name) {
  Script script;
  bool hasEnd = false;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of("/_ "), name.size());
    readWord(name.substr(0, end), script, hasEnd);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return script;
}

int64_t logSize(const Script& script, milliseconds elapsed, milliseconds duration) {
  const int64_t flood = script.flood ? kFloodBytes : 0;
  if (elapsed >= duration) return flood + sizeOfLines(script.lines);
  const double share = static_cast<double>(elapsed.count()) / static_cast<double>(duration.count());
  return flood + sizeOfLines(static_cast<int64_t>(static_cast<double>(script.lines) * share));
}

std::string logBytes(const Script& script, int64_t offset, int64_t limit, int64_t size) {
  const auto end = offset + std::min(limit, size - offset);
  std::string bytes;
  int64_t at = offset;
  const int64_t flood = script.flood ? kFloodBytes : 0;
  while (at < std::min(end, flood)) {
    const std::string_view part = kFloodLine.substr(static_cast<std::size_t>(at % 64));
    bytes += part;
    at += static_cast<int64_t>(part.size());
  }
  while (at < end) {
    const int64_t line = lineAt(at - flood);
    const std::string text = "line " + std::to_string(line) + "\n";
    const int64_t begin = flood + sizeOfLines(line - 1);
    bytes += text.substr(static_cast<std::size_t>(at - begin));
    at = begin + static_cast<int64_t>(text.size());
  }
  bytes.resize(static_cast<std::size_t>(std::max<int64_t>(0, end - offset)));
  return bytes;
}

}  // namespace testarena::dummy_executor
