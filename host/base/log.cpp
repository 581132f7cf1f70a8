// SPDX-License-Identifier: Apache-2.0
#include "log.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <utility>

#include <fmt/chrono.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <testarena/error.h>

#include "log_line.h"

namespace testarena {
namespace {

/// Hands each line to a function, for tests.
class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    write_(std::string_view(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

  std::function<void(std::string_view)> write_;
};

struct Output {
  std::shared_ptr<spdlog::logger> logger;
  LogFormat format = LogFormat::text;
  bool journal = false;
};

std::atomic<LogSeverity> currentLevel{LogSeverity::info};
thread_local std::string threadTrace;

std::shared_ptr<const Output> makeOutput(const LogOptions& options) {
  auto output = std::make_shared<Output>();
  output->format = options.format;
  if (options.write) {
    output->logger = std::make_shared<spdlog::logger>("", std::make_shared<FunctionSink>(options.write));
  } else {
    output->logger = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    // The journal takes the time itself; the priority it can only learn from us.
    output->journal = std::getenv("JOURNAL_STREAM") != nullptr;
  }
  output->logger->set_level(spdlog::level::trace);  // filtered here, before the text is made
  // The line is complete when it gets there: spdlog's own layout would put unescaped text between our fields.
  output->logger->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  return output;
}

/// Replaced as a whole, so that a thread that writes while another configures uses one or the other.
std::shared_ptr<const Output>& outputSlot() {
  static auto* slot = new std::shared_ptr<const Output>(makeOutput({}));  // never destroyed: threads may outlive main
  return *slot;
}

template <class Word>
Word wordFrom(std::string_view word, std::string_view what,
              std::initializer_list<std::pair<std::string_view, Word>> known) {
  std::string names;
  for (const auto& [name, value] : known) {
    if (name == word) return value;
    names.append(names.empty() ? "" : ", ").append(name);
  }
  throw Invalid("'" + std::string(word) + "' is no " + std::string(what) + ": use one of " + names);
}

std::string timestamp() {
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto micros = now.time_since_epoch().count() % 1'000'000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), micros);
}

}  // namespace

LogSeverity logSeverityFrom(std::string_view word) {
  return wordFrom<LogSeverity>(word, "log level",
                               {{"debug", LogSeverity::debug},
                                {"info", LogSeverity::info},
                                {"warning", LogSeverity::warning},
                                {"error", LogSeverity::error}});
}

LogFormat logFormatFrom(std::string_view word) {
  return wordFrom<LogFormat>(word, "log format", {{"text", LogFormat::text}, {"json", LogFormat::json}});
}

void configureLog(LogOptions options) {
  std::atomic_store(&outputSlot(), makeOutput(options));
  setLogLevel(options.level);
}

void setLogLevel(LogSeverity level) {
  currentLevel.store(level, std::memory_order_relaxed);
}

bool logEnabled(LogSeverity level) {
  return level >= currentLevel.load(std::memory_order_relaxed);
}

void writeLog(LogSeverity level, std::string_view component, std::string_view message,
              const std::vector<LogField>& fields) {
  if (!logEnabled(level)) return;
  const auto output = std::atomic_load(&outputSlot());
  LogEntry line{level, timestamp(), component, message, fields, threadTrace};
  const std::string text = output->format == LogFormat::json ? jsonLine(line) : textLine(line, output->journal);
  output->logger->log(spdlog::level::critical, spdlog::string_view_t(text.data(), text.size()));
}

TraceScope::TraceScope(std::string_view id) : outer_(std::exchange(threadTrace, std::string(id))) {}
TraceScope::~TraceScope() {
  threadTrace = std::move(outer_);
}

const std::string& currentTrace() {
  return threadTrace;
}

}  // namespace testarena
