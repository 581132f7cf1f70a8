// SPDX-License-Identifier: Apache-2.0
#include "notes.h"

#include <charconv>
#include <stdexcept>

namespace testarena::local_executor {
namespace {

constexpr std::string_view kLastLine = "end";
constexpr std::string_view kDigits = "0123456789abcdef";

void appendEscaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && c != '\\') {
      out += c;
    } else {
      out += "\\x";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
}

std::string unescape(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    const std::size_t high = i + 2 < text.size() ? kDigits.find(text[i + 2]) : std::string_view::npos;
    const std::size_t low = i + 3 < text.size() ? kDigits.find(text[i + 3]) : std::string_view::npos;
    if (high == std::string_view::npos || low == std::string_view::npos || text[i + 1] != 'x') {
      throw std::runtime_error("a broken escape: " + std::string(text));
    }
    value += static_cast<char>(high << 4 | low);
    i += 3;
  }
  return value;
}

}  // namespace

const std::string& Notes::text(std::string_view key) const {
  for (const auto& entry : entries_) {
    if (entry.first == key) return entry.second;
  }
  throw std::runtime_error("no entry `" + std::string(key) + "`");
}

int64_t Notes::number(std::string_view key) const {
  const std::string& value = text(key);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) {
    throw std::runtime_error("`" + std::string(key) + "` is no number: " + value);
  }
  return number;
}

std::optional<int64_t> Notes::optionalNumber(std::string_view key) const {
  for (const auto& entry : entries_) {
    if (entry.first == key) return number(key);
  }
  return std::nullopt;
}

std::vector<std::string> Notes::all(std::string_view key) const {
  std::vector<std::string> values;
  for (const auto& entry : entries_) {
    if (entry.first == key) values.push_back(entry.second);
  }
  return values;
}

std::string Notes::render() const {
  std::string text;
  for (const auto& [key, value] : entries_) {
    text += key;
    text += ' ';
    appendEscaped(text, value);
    text += '\n';
  }
  text += kLastLine;
  text += '\n';
  return text;
}

Notes Notes::parse(std::string_view text) {
  Notes notes;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line == kLastLine && text.empty()) return notes;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) throw std::runtime_error("a line without a value: " + std::string(line));
    notes.add(line.substr(0, space), unescape(line.substr(space + 1)));
  }
  throw std::runtime_error("cut short");
}

}  // namespace testarena::local_executor
