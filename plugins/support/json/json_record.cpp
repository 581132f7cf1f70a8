// SPDX-License-Identifier: Apache-2.0
#include "json_record.h"

#include <ctime>

namespace testarena::json {
namespace {

/// Takes `count` digits off the front; -1 if there are none.
int digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view any) {
  if (text.empty() || any.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

namespace detail {

void refuse(std::string_view field, std::string_view wanted) {
  throw Invalid("'" + std::string(field) + "' must be " + std::string(wanted));
}

}  // namespace detail

std::optional<Time> parseTime(std::string_view text) {
  std::tm parts = {};
  const int year = digits(text, 4);
  if (year < 0 || !take(text, "-")) return std::nullopt;
  const int month = digits(text, 2);
  if (month < 1 || month > 12 || !take(text, "-")) return std::nullopt;
  const int day = digits(text, 2);
  if (day < 1 || day > 31 || !take(text, "Tt ")) return std::nullopt;
  const int hour = digits(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ":")) return std::nullopt;
  const int minute = digits(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ":")) return std::nullopt;
  const int second = digits(text, 2);
  if (second < 0 || second > 60) return std::nullopt;
  std::int64_t microseconds = 0;
  if (take(text, ".")) {
    if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
    for (std::int64_t unit = 100'000; !text.empty() && text[0] >= '0' && text[0] <= '9'; unit /= 10) {
      microseconds += unit * (text[0] - '0');
      text.remove_prefix(1);
    }
  }
  std::int64_t offset = 0;
  if (!take(text, "Zz")) {
    const bool isEast = !text.empty() && text[0] == '+';
    if (!take(text, "+-")) return std::nullopt;
    const int hours = digits(text, 2);
    if (hours < 0 || hours > 23 || !take(text, ":")) return std::nullopt;
    const int minutes = digits(text, 2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    offset = (isEast ? 60 : -60) * (hours * 60 + minutes);
  }
  if (!text.empty()) return std::nullopt;
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_hour = hour;
  parts.tm_min = minute;
  parts.tm_sec = second;
  const std::int64_t seconds = ::timegm(&parts) - offset;
  return Time(std::chrono::seconds(seconds) + std::chrono::microseconds(microseconds));
}

}  // namespace testarena::json
