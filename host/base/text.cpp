// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <utility>

namespace testarena {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// From the largest down: the first that divides is the shortest form.
constexpr Unit kDurations[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};
constexpr Unit kSizes[] = {{"TiB", std::int64_t{1} << 40},
                           {"GiB", std::int64_t{1} << 30},
                           {"MiB", std::int64_t{1} << 20},
                           {"KiB", std::int64_t{1} << 10},
                           {"B", 1}};

template <std::size_t N>
std::optional<std::int64_t> parseWithUnit(std::string_view text, const Unit (&units)[N]) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || number < 0 || text.front() == '-') return std::nullopt;
  const std::string_view name(rest, static_cast<std::size_t>(end - rest));
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / unit.factor) return std::nullopt;
    return number * unit.factor;
  }
  return std::nullopt;
}

template <std::size_t N>
std::string formatWithUnit(std::int64_t number, const Unit (&units)[N]) {
  for (const Unit& unit : units) {
    if (number != 0 && number % unit.factor == 0) return std::to_string(number / unit.factor) + std::string(unit.name);
  }
  return std::to_string(number) + std::string(units[N - 1].name);
}

}  // namespace

std::optional<char32_t> takeCharacter(std::string_view& rest) {
  const auto byte = [&rest](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    rest.remove_prefix(1);
    return first;
  }
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  bool valid = first >= 0xC2 && first <= 0xF4 && rest.size() >= length;
  char32_t character = first & (0x7FU >> length);
  for (std::size_t i = 1; valid && i < length; ++i) {
    valid = (byte(i) & 0xC0U) == 0x80U;
    character = (character << 6U) | (byte(i) & 0x3FU);
  }
  if (valid && length == 3) valid = character >= 0x800 && (character < 0xD800 || character > 0xDFFF);
  if (valid && length == 4) valid = character >= 0x10000 && character <= 0x10FFFF;
  rest.remove_prefix(valid ? length : 1);
  return valid ? std::optional(character) : std::nullopt;
}

void appendUtf8(std::string& out, char32_t character) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0U | (character >> 6U));
    put(0x80U | (character & 0x3FU));
  } else if (character < 0x10000) {
    put(0xE0U | (character >> 12U));
    put(0x80U | ((character >> 6U) & 0x3FU));
    put(0x80U | (character & 0x3FU));
  } else {
    put(0xF0U | (character >> 18U));
    put(0x80U | ((character >> 12U) & 0x3FU));
    put(0x80U | ((character >> 6U) & 0x3FU));
    put(0x80U | (character & 0x3FU));
  }
}

std::size_t editDistance(std::string_view left, std::string_view right) {
  // Optimal string alignment: three rows of the matrix are enough, the third for swapped neighbours.
  std::vector<std::size_t> before(right.size() + 1), above(right.size() + 1), row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[right.size()];
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  // Long words are somebody's data, not a slip of the finger; the limit also bounds the work.
  if (word.size() > 64) return std::nullopt;
  const std::size_t allowed = word.size() <= 4 ? 1 : word.size() <= 8 ? 2 : 3;
  std::optional<std::string> best;
  std::size_t bestDistance = allowed + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string didYouMean(std::string_view word, const std::vector<std::string>& known) {
  const auto guess = nearest(word, known);
  return guess ? " — did you mean '" + *guess + "'?" : std::string();
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const std::string& part : parts) {
    if (&part != parts.data()) all += between;
    all += part;
  }
  return all;
}

std::optional<std::int64_t> parseDuration(std::string_view text) {
  return text.empty() ? std::nullopt : parseWithUnit(text, kDurations);
}
std::string formatDuration(std::int64_t milliseconds) {
  return formatWithUnit(milliseconds, kDurations);
}

std::optional<std::int64_t> parseSize(std::string_view text) {
  return text.empty() ? std::nullopt : parseWithUnit(text, kSizes);
}
std::string formatSize(std::int64_t bytes) {
  return formatWithUnit(bytes, kSizes);
}

std::optional<Time> parseTime(std::string_view text) {
  const auto number = [&text](std::size_t digits, int low, int high) -> std::optional<int> {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value >= low && value <= high ? std::optional(value) : std::nullopt;
  };
  const auto sign = [&text](std::string_view allowed) {
    const bool found = !text.empty() && allowed.find(text.front()) != std::string_view::npos;
    if (found) text.remove_prefix(1);
    return found;
  };
  const auto year = number(4, 0, 9999);
  const auto month = year && sign("-") ? number(2, 1, 12) : std::nullopt;
  const auto day = month && sign("-") ? number(2, 1, 31) : std::nullopt;
  const auto hour = day && sign("Tt ") ? number(2, 0, 23) : std::nullopt;
  const auto minute = hour && sign(":") ? number(2, 0, 59) : std::nullopt;
  const auto second = minute && sign(":") ? number(2, 0, 59) : std::nullopt;
  if (!second) return std::nullopt;

  std::int64_t micros = 0;
  if (sign(".")) {
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
      if (digits < 6) micros = micros * 10 + (text[digits] - '0');
    }
    if (digits == 0) return std::nullopt;
    for (std::size_t i = digits; i < 6; ++i) micros *= 10;
    text.remove_prefix(digits);
  }

  int offset = 0;
  if (!sign("Zz")) {
    const bool west = !text.empty() && text.front() == '-';
    if (!sign("+-")) return std::nullopt;
    const auto hours = number(2, 0, 23);
    const auto minutes = hours && sign(":") ? number(2, 0, 59) : std::nullopt;
    if (!minutes) return std::nullopt;
    offset = (*hours * 60 + *minutes) * (west ? -1 : 1);
  }
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!text.empty() || !date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute - offset) +
         std::chrono::seconds(*second) + std::chrono::microseconds(micros);
}

}  // namespace testarena
