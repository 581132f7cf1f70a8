// SPDX-License-Identifier: Apache-2.0
// Points in time: microseconds since 1970 in C++ and on the wire, RFC 3339 in JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace testarena {
inline namespace v1 {

/// A field that may be unset is a `std::optional<Time>`: a Time of zero is 1970, not "never".
using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

namespace detail {

/// Writes `value` with `digits` digits before `end`, leading zeros included; returns the first of them.
inline char* digitsBefore(char* end, std::uint64_t value, int digits) {
  for (; digits > 0; --digits, value /= 10) *--end = static_cast<char>('0' + value % 10);
  return end;
}

}  // namespace detail

/// Appends "2026-03-01T12:00:00.000000Z". Times outside the years 0000 to 9999, which RFC 3339 cannot express, are
/// clamped.
inline void appendTime(std::string& out, Time time) {
  constexpr std::int64_t kDay = 86'400'000'000;
  constexpr std::int64_t kFirst = -719'528 * kDay;  // 0000-01-01
  constexpr std::int64_t kEnd = 2'932'897 * kDay;   // 10000-01-01
  std::int64_t us = time.time_since_epoch().count();
  us = us < kFirst ? kFirst : us >= kEnd ? kEnd - 1 : us;

  // Days to a date in the proleptic Gregorian calendar: years that begin in March, in eras of 400 (Hinnant's
  // civil_from_days).
  const auto sinceFirst = static_cast<std::uint64_t>(us - kFirst);
  const std::uint64_t day = sinceFirst / static_cast<std::uint64_t>(kDay) + 146'097 - 60;  // from 1 March of year -400
  const std::uint64_t ofEra = day % 146'097;
  const std::uint64_t yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146'096) / 365;
  const std::uint64_t ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const std::uint64_t march = (5 * ofYear + 2) / 153;
  const std::uint64_t dayOfMonth = ofYear - (153 * march + 2) / 5 + 1;
  const std::uint64_t month = march < 10 ? march + 3 : march - 9;
  const std::uint64_t year = day / 146'097 * 400 + yearOfEra + (month <= 2 ? 1 : 0) - 400;

  std::uint64_t ofDay = sinceFirst % static_cast<std::uint64_t>(kDay);
  char text[] = "0000-00-00T00:00:00.000000Z";
  detail::digitsBefore(text + 26, ofDay % 1'000'000, 6);
  ofDay /= 1'000'000;
  detail::digitsBefore(text + 19, ofDay % 60, 2);
  detail::digitsBefore(text + 16, ofDay / 60 % 60, 2);
  detail::digitsBefore(text + 13, ofDay / 3600, 2);
  detail::digitsBefore(text + 10, dayOfMonth, 2);
  detail::digitsBefore(text + 7, month, 2);
  detail::digitsBefore(text + 4, year, 4);
  out.append(text, sizeof text - 1);
}

inline std::string formatTime(Time time) {
  std::string text;
  appendTime(text, time);
  return text;
}

}  // namespace v1
}  // namespace testarena
