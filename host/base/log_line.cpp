// SPDX-License-Identifier: Apache-2.0
#include "log_line.h"

#include <iterator>

#include <fmt/format.h>

#include "text.h"

namespace testarena {
namespace {

constexpr std::size_t kLongest = 16 * 1024;

std::string_view name(LogSeverity level) {
  switch (level) {
    case LogSeverity::debug:
      return "debug";
    case LogSeverity::info:
      return "info";
    case LogSeverity::warning:
      return "warning";
    case LogSeverity::error:
      return "error";
  }
  return "error";
}

/// The numbers of syslog(3), which the journal reads from the start of a line.
int priority(LogSeverity level) {
  switch (level) {
    case LogSeverity::debug:
      return 7;
    case LogSeverity::info:
      return 6;
    case LogSeverity::warning:
      return 4;
    case LogSeverity::error:
      return 3;
  }
  return 3;
}

/// What ends a line, moves the cursor or turns the reading direction somewhere between a log file and an eye.
bool steers(char32_t character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0) ||       // C0, DEL, C1
         character == 0x2028 || character == 0x2029 ||                        // line and paragraph separator
         (character >= 0x200B && character <= 0x200F) ||                      // zero width, direction marks
         (character >= 0x202A && character <= 0x202E) ||                      // embeddings and overrides
         (character >= 0x2060 && character <= 0x206F) || character == 0xFEFF  // invisible operators, isolates, BOM
         || (character >= 0xE0000 && character <= 0xE007F);                   // tags
}

std::string_view cut(std::string_view text) {
  return text.substr(0, kLongest);
}

void appendCutNote(std::string& out, std::string_view text) {
  if (text.size() > kLongest) fmt::format_to(std::back_inserter(out), "… ({} bytes more)", text.size() - kLongest);
}

bool isWord(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7F) return false;
  }
  return !text.empty();
}

void appendField(std::string& out, std::string_view key, std::string_view value) {
  out += ' ';
  appendVisible(out, key);
  out += '=';
  if (isWord(value)) return appendVisible(out, cut(value));
  out += '"';
  std::string quoted;
  for (const char c : cut(value)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  appendVisible(out, quoted);
  appendCutNote(out, value);
  out += '"';
}

void appendJsonText(std::string& out, std::string_view text) {
  out += '"';
  std::string_view rest = cut(text);
  while (!rest.empty()) {
    const auto character = takeCharacter(rest);
    if (!character) {
      out += "\\ufffd";
    } else if (*character == '"' || *character == '\\') {
      out += '\\';
      out += static_cast<char>(*character);
    } else if (!steers(*character)) {
      appendUtf8(out, *character);
    } else if (*character > 0xFFFF) {
      const auto offset = static_cast<unsigned>(*character) - 0x10000U;
      fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xD800U + (offset >> 10U),
                     0xDC00U + (offset & 0x3FFU));
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(*character));
    }
  }
  appendCutNote(out, text);
  out += '"';
}

}  // namespace

void appendVisible(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const auto character = takeCharacter(text);
    if (!character) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else if (!steers(*character)) {
      appendUtf8(out, *character);
    } else if (*character == '\n') {
      out += "\\n";
    } else if (*character == '\r') {
      out += "\\r";
    } else if (*character == '\t') {
      out += "\\t";
    } else if (*character < 0x80) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(*character));
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(*character));
    }
  }
}

std::string textLine(const LogEntry& line, bool journal) {
  std::string out = journal ? fmt::format("<{}>", priority(line.level)) : line.time + ' ';
  fmt::format_to(std::back_inserter(out), "{:<7} ", name(line.level));
  appendVisible(out, line.component);
  out += ": ";
  appendVisible(out, cut(line.message));
  appendCutNote(out, line.message);
  for (const LogField& field : line.fields) appendField(out, field.key, field.value);
  if (!line.trace.empty()) appendField(out, "trace", line.trace);
  return out;
}

std::string jsonLine(const LogEntry& line) {
  std::string out = "{\"time\":";
  appendJsonText(out, line.time);
  const auto member = [&out](std::string_view key, std::string_view value) {
    out += ',';
    appendJsonText(out, key);
    out += ':';
    appendJsonText(out, value);
  };
  member("level", name(line.level));
  member("component", line.component);
  member("message", line.message);
  for (const LogField& field : line.fields) member(field.key, field.value);
  if (!line.trace.empty()) member("trace", line.trace);
  out += '}';
  return out;
}

}  // namespace testarena
