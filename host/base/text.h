// SPDX-License-Identifier: Apache-2.0
// Small questions about text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/time.h>

namespace testarena {

/// Takes one character from the front of `rest` and returns it; nothing if its bytes are no well-formed UTF-8
/// (overlong, a surrogate, above U+10FFFF, cut off), and then one byte is taken. `rest` must not be empty.
std::optional<char32_t> takeCharacter(std::string_view& rest);
void appendUtf8(std::string& out, char32_t character);

/// How many characters must be inserted, removed, replaced or swapped with their neighbour to turn one into the other.
std::size_t editDistance(std::string_view left, std::string_view right);

/// The one of `known` that somebody probably meant by `word`; nothing if none is near.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

/// " — did you mean 'slots'?" or nothing: to be put behind a sentence about an unknown word.
std::string didYouMean(std::string_view word, const std::vector<std::string>& known);

std::string join(const std::vector<std::string>& parts, std::string_view between);

/// "250ms", "20s", "5m", "1h", "7d" (whole numbers) to milliseconds; nothing if it is not one of these.
std::optional<std::int64_t> parseDuration(std::string_view text);
/// The shortest such form: 90000 is "90s", 60000 is "1m".
std::string formatDuration(std::int64_t milliseconds);

/// "512B", "64KiB", "64MiB", "1GiB", "1TiB" to bytes; nothing if it is not one of these.
std::optional<std::int64_t> parseSize(std::string_view text);
std::string formatSize(std::int64_t bytes);

/// RFC 3339, "2026-03-01T12:00:00.25+01:00", to UTC; digits beyond microseconds are dropped. Nothing if it is no such
/// time, a day that does not exist and a leap second included.
std::optional<Time> parseTime(std::string_view text);

}  // namespace testarena
