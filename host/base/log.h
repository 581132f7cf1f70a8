// SPDX-License-Identifier: Apache-2.0
// The log: one line per event to standard error, as text for people or as JSON for machines.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace testarena {

enum class LogSeverity { debug, info, warning, error };
enum class LogFormat { text, json };

/// Reads "debug", "info", "warning" or "error"; anything else is `Invalid`.
LogSeverity logSeverityFrom(std::string_view word);
LogFormat logFormatFrom(std::string_view word);

struct LogOptions {
  LogFormat format = LogFormat::text;
  LogSeverity level = LogSeverity::info;
  std::function<void(std::string_view line)> write;  ///< where lines go, without newline; empty: standard error
};

/// Sets where and how lines are written; called by main before threads start, and by tests. Until it is called, lines
/// are text at level info on standard error. When standard error is the journal (JOURNAL_STREAM), each line begins with
/// its priority `<n>`.
void configureLog(LogOptions options);

/// May be called at any time from any thread, for example when a signal asks to read the configuration again.
void setLogLevel(LogSeverity level);
bool logEnabled(LogSeverity level);

/// Writes one line. Control characters, line and direction separators and bytes that are no UTF-8 are shown as escapes,
/// so that no message can forge a line or steer a terminal; what is longer than 16 KiB is cut and says so.
struct LogField {
  std::string_view key;
  std::string value;
};
void writeLog(LogSeverity level, std::string_view component, std::string_view message,
              const std::vector<LogField>& fields);

/// The voice of one component: `const Logger log_{"reconciler"};` then `log_.info("job {}: sent", id);`.
/// Cheap to copy, usable from any thread. A disabled level costs one comparison.
class Logger {
 public:
  explicit Logger(std::string component) : component_(std::move(component)) {}

  const std::string& component() const { return component_; }

  template <class... Values>
  void debug(fmt::format_string<const Values&...> text, const Values&... values) const {
    write(LogSeverity::debug, {}, text, values...);
  }
  template <class... Values>
  void info(fmt::format_string<const Values&...> text, const Values&... values) const {
    write(LogSeverity::info, {}, text, values...);
  }
  template <class... Values>
  void warning(fmt::format_string<const Values&...> text, const Values&... values) const {
    write(LogSeverity::warning, {}, text, values...);
  }
  template <class... Values>
  void error(fmt::format_string<const Values&...> text, const Values&... values) const {
    write(LogSeverity::error, {}, text, values...);
  }

  /// With fields of its own, which JSON readers find by name: `log_.write(LogSeverity::info, {{"job", "17"}}, "sent")`.
  template <class... Values>
  void write(LogSeverity level, const std::vector<LogField>& fields, fmt::format_string<const Values&...> text,
             const Values&... values) const {
    if (logEnabled(level)) writeLog(level, component_, fmt::format(text, values...), fields);
  }

 private:
  std::string component_;
};

/// While it lives, every line of this thread carries `trace=<id>`: the id of the request or task that is being served.
/// Scopes nest; the innermost counts. The id's bytes are copied.
class TraceScope {
 public:
  explicit TraceScope(std::string_view id);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  std::string outer_;
};

/// The id of the innermost TraceScope of this thread; empty if there is none.
const std::string& currentTrace();

}  // namespace testarena
