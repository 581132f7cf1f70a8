// SPDX-License-Identifier: Apache-2.0
#include "answer.h"

#include <array>
#include <cstdio>
#include <ctime>

#include "head_check.h"
#include "server.h"

namespace testarena::http {
namespace {

/// Now as an HTTP date. Made once a second on each thread: making one costs as much as the rest of the head.
const std::string& httpDate() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  std::time_t now = std::time(nullptr);
  if (now != made) {
    static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 64> buffer{};
    // Not strftime's %a and %b: they follow the locale.
    std::snprintf(buffer.data(), buffer.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  kDays.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                  kMonths.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                  utc.tm_sec);
    text = buffer.data();
    made = now;
  }
  return text;
}

constexpr std::size_t kUsualHead = 640;

constexpr std::string_view kSecurityFields =
    "X-Content-Type-Options: nosniff\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Referrer-Policy: same-origin\r\n";

bool hasNoBody(int status) {
  return status == 204 || status == 304 || status < 200;
}

}  // namespace

AnswerMaker::AnswerMaker(const ServerOptions& options) {
  auto keep = [&](AnswerKind kind, const std::string& policy) {
    // Checked as every other value.
    Response().setHeader("Content-Security-Policy", policy);
    policies_.at(static_cast<std::size_t>(kind)) = "Content-Security-Policy: " + policy + "\r\n";
  };
  keep(AnswerKind::data, options.csp_data);
  keep(AnswerKind::page, options.csp_page);
  keep(AnswerKind::download, options.csp_download);
}

Answer AnswerMaker::make(const Response& response, const Asked& asked) const {
  Answer answer;
  answer.close = !asked.keep_alive || response.closesConnection() || response.stream() != nullptr;
  bool bodiless = hasNoBody(response.status());

  std::string& head = answer.head;
  head.reserve(kUsualHead);
  auto line = [&](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  head.append("HTTP/1.1 ")
      .append(std::to_string(response.status()))
      .append(" ")
      .append(reasonPhrase(response.status()))
      .append("\r\n");
  line("Date", httpDate());
  bool has_cache_control = false;
  bool has_policy = false;
  for (const auto& [name, value] : response.headers()) {
    has_cache_control |= sameName(name, "Cache-Control");
    has_policy |= sameName(name, "Content-Security-Policy");
    line(name, value);
  }
  if (response.stream() == nullptr && !bodiless) {
    const BodySource* source = response.bodySource();
    line("Content-Length", std::to_string(source != nullptr ? source->size : response.body().size()));
  }
  if (answer.close)
    line("Connection", "close");
  else if (!asked.http11)
    line("Connection", "keep-alive");
  if (!asked.request_id.empty()) line("X-Request-Id", asked.request_id);
  if (!has_cache_control) line("Cache-Control", "no-store");
  if (!has_policy) head.append(policies_.at(static_cast<std::size_t>(response.kind())));
  head.append(kSecurityFields).append("\r\n");

  if (!asked.head_only && !bodiless) {
    if (response.bodySource() != nullptr && response.bodySource()->size > 0) {
      answer.source = std::make_shared<const BodySource>(*response.bodySource());
    } else if (!response.body().empty()) {
      answer.body = response.sharedBody();
    }
  }
  return answer;
}

}  // namespace testarena::http
