// SPDX-License-Identifier: Apache-2.0
#include "answer.h"

#include <array>
#include <cstdio>
#include <ctime>

#include "head_check.h"
#include "poco_exchange.h"
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

bool hasNoBody(int status) {
  return status == 204 || status == 304 || status < 200;
}

}  // namespace

AnswerMaker::AnswerMaker(const ServerOptions& options)
    : csp_data_(options.csp_data), csp_page_(options.csp_page), csp_download_(options.csp_download) {}

const std::string& AnswerMaker::policy(AnswerKind kind) const {
  switch (kind) {
    case AnswerKind::page:
      return csp_page_;
    case AnswerKind::download:
      return csp_download_;
    case AnswerKind::data:
      break;
  }
  return csp_data_;
}

AnswerMaker::Fields AnswerMaker::fields(const Response& response, const Asked& asked, bool close) const {
  Fields fields;
  fields.reserve(response.headers().size() + 12);
  fields.emplace_back("Date", httpDate());
  bool has_cache_control = false;
  bool has_policy = false;
  for (const auto& field : response.headers()) {
    has_cache_control |= sameName(field.first, "Cache-Control");
    has_policy |= sameName(field.first, "Content-Security-Policy");
    fields.push_back(field);
  }
  if (response.stream() == nullptr && !hasNoBody(response.status()))
    fields.emplace_back("Content-Length", std::to_string(response.body().size()));
  if (close)
    fields.emplace_back("Connection", "close");
  else if (!asked.http11)
    fields.emplace_back("Connection", "keep-alive");
  if (!asked.request_id.empty()) fields.emplace_back("X-Request-Id", asked.request_id);
  if (!has_cache_control) fields.emplace_back("Cache-Control", "no-store");
  if (!has_policy) fields.emplace_back("Content-Security-Policy", policy(response.kind()));
  fields.emplace_back("X-Content-Type-Options", "nosniff");
  fields.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  fields.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  fields.emplace_back("Referrer-Policy", "same-origin");
  return fields;
}

Answer AnswerMaker::make(const Response& response, const Asked& asked, PocoExchange& exchange) const {
  Answer answer;
  answer.close = !asked.keep_alive || response.closesConnection() || response.stream() != nullptr;
  answer.head =
      exchange.answerHead(response.status(), reasonPhrase(response.status()), fields(response, asked, answer.close));
  if (!asked.head_only && !hasNoBody(response.status()) && !response.body().empty())
    answer.body = response.sharedBody();
  return answer;
}

Answer AnswerMaker::refusal(const Response& response) const {
  Answer answer;
  answer.close = true;
  answer.head = answerHead(response.status(), reasonPhrase(response.status()), fields(response, {}, true));
  answer.body = response.sharedBody();
  return answer;
}

}  // namespace testarena::http
