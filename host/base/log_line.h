// SPDX-License-Identifier: Apache-2.0
// One line of the log as bytes: the only place where text from outside becomes part of a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "log.h"

namespace testarena {

struct LogEntry {
  LogSeverity level;
  std::string time;  ///< RFC 3339
  std::string_view component;
  std::string_view message;
  const std::vector<LogField>& fields;
  std::string_view trace;  ///< may be empty
};

/// "2026-10-15T21:44:01.123456Z info  executor lab-1: job 184: accepted  job=184 trace=7f3a"; for the journal without
/// the time and with the priority in front.
std::string textLine(const LogEntry& line, bool journal);

/// {"time":"...","level":"info","component":"...","message":"...","job":"184","trace":"..."}
std::string jsonLine(const LogEntry& line);

/// Appends `text` so that it stays on the line and steers nothing: `\n`, `\x1b`, `\u202e`; bytes that are no UTF-8 as
/// `\xff`. A plain space, letters of all languages and everything else that only shows itself stays as it is.
void appendVisible(std::string& out, std::string_view text);

}  // namespace testarena
