// SPDX-License-Identifier: Apache-2.0
#include "problem.h"

#include <exception>

#include <testarena/error.h>
#include <testarena/utf8.h>

namespace testarena::http {
namespace {

void appendText(std::string& json, std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  json += '"';
  for (char c : cleanUtf8(text)) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      json += "\\u00";
      json += kDigits[byte >> 4];
      json += kDigits[byte & 15];
    } else {
      json += c;
    }
  }
  json += '"';
}

void appendMember(std::string& json, std::string_view name, std::string_view text) {
  json += ",\"";
  json += name;
  json += "\":";
  appendText(json, text);
}

Response internalProblem(const std::string& request_id, const ProblemLog& log, std::string_view text) {
  if (log) log(request_id, text);
  return problemResponse(
      {500, {}, "Something went wrong here. The log has the reason under this request id.", {}, request_id});
}

}  // namespace

std::string problemJson(const Problem& problem) {
  std::string json = "{\"title\":";
  appendText(json, problem.title.empty() ? reasonPhrase(problem.status) : std::string_view(problem.title));
  json += ",\"status\":" + std::to_string(problem.status);
  appendMember(json, "detail", problem.detail);
  json += ",\"errors\":[";
  for (const ProblemItem& item : problem.errors) {
    if (json.back() != '[') json += ',';
    json += "{\"pointer\":";
    appendText(json, item.pointer);
    appendMember(json, "message", item.message);
    json += '}';
  }
  json += ']';
  if (!problem.request_id.empty()) appendMember(json, "request_id", problem.request_id);
  return json + "}\n";
}

Response problemResponse(const Problem& problem) {
  Response response(problem.status);
  response.setBody(problemJson(problem), "application/problem+json");
  if (problem.status == 401) response.setHeader("WWW-Authenticate", "Bearer realm=\"testarena\"");
  if (problem.status == 429 || problem.status == 503) response.setHeader("Retry-After", "1");
  return response;
}

int statusOf(const Error& error) {
  switch (error.code()) {
    case Code::invalid:
      return 400;
    case Code::denied:
      return 403;
    case Code::not_found:
      return 404;
    case Code::conflict:
      return 409;
    case Code::wrong_state:
      return 409;
    case Code::out_of_range:
      return 416;
    case Code::unsupported:
      return 501;
    case Code::exhausted:
      return 507;
    case Code::retry:
      return 503;
    case Code::unavailable:
      return 503;
    case Code::cancelled:
      return 503;
    case Code::deadline_exceeded:
      return 504;
    case Code::ok:
    case Code::internal:
      break;
  }
  return 500;
}

Response problemFromException(const std::string& request_id, const ProblemLog& log) {
  try {
    throw;
  } catch (const Error& error) {
    int status = statusOf(error);
    if (status == 500) return internalProblem(request_id, log, error.what());
    Problem problem{status, {}, error.what(), {}, request_id};
    if (!error.pointer().empty()) problem.errors.push_back({error.pointer(), error.what()});
    return problemResponse(problem);
  } catch (const std::exception& error) {
    return internalProblem(request_id, log, error.what());
  } catch (...) {
    return internalProblem(request_id, log, "something that is not a std::exception was thrown");
  }
}

}  // namespace testarena::http
