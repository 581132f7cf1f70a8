// SPDX-License-Identifier: Apache-2.0
#include "response.h"

#include <algorithm>

#include <testarena/error.h>

#include "event_hub.h"
#include "head_check.h"

namespace testarena::http {
namespace {

void check(std::string_view name, std::string_view value) {
  if (!isToken(name)) throw Invalid("a header name that is not a token was about to be sent");
  for (char c : value) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      throw Invalid("the value of header " + std::string(name) + " holds a control character");
  }
}

/// RFC 6265, 4.1.1: what may stand in a cookie's value.
bool isCookieValue(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
  });
}

}  // namespace

Response::Response(int status) : status_(status) {}
Response::~Response() = default;
Response::Response(Response&&) noexcept = default;
Response& Response::operator=(Response&&) noexcept = default;

Response Response::json(std::string body, int status) {
  Response response(status);
  response.setBody(std::move(body), "application/json");
  return response;
}

Response Response::text(std::string body, int status) {
  Response response(status);
  response.setBody(std::move(body), "text/plain; charset=utf-8");
  return response;
}

Response Response::noContent() {
  return Response(204);
}

Response Response::redirect(std::string_view path) {
  // "//host" and "/\host" are other servers to a browser.
  bool own = !path.empty() && path[0] == '/' && (path.size() == 1 || path[1] != '/') &&
             path.find('\\') == std::string_view::npos;
  if (!own) throw Invalid("a redirect may only lead to a path of this server");
  Response response(303);
  response.setHeader("Location", path);
  return response;
}

Response& Response::setStatus(int status) {
  status_ = status;
  return *this;
}

Response& Response::setHeader(std::string_view name, std::string_view value) {
  check(name, value);
  auto same = [&](const auto& field) { return sameName(field.first, name); };
  auto found = std::find_if(fields_.begin(), fields_.end(), same);
  if (found == fields_.end()) {
    fields_.emplace_back(name, value);
    return *this;
  }
  found->second = value;
  fields_.erase(std::remove_if(found + 1, fields_.end(), same), fields_.end());
  return *this;
}

Response& Response::addHeader(std::string_view name, std::string_view value) {
  check(name, value);
  fields_.emplace_back(name, value);
  return *this;
}

Response& Response::setCookie(const Cookie& cookie) {
  if (!isToken(cookie.name)) throw Invalid("the name of a cookie is not a token");
  if (!isCookieValue(cookie.value))
    throw Invalid("the value of cookie " + cookie.name + " holds a character that it cannot");
  std::string text = cookie.name + "=" + cookie.value + "; Path=/; HttpOnly; SameSite=Lax";
  if (cookie.secure) text += "; Secure";
  if (cookie.max_age) text += "; Max-Age=" + std::to_string(cookie.max_age->count());
  return addHeader("Set-Cookie", text);
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& [key, value] : fields_)
    if (sameName(key, name)) return value;
  return std::nullopt;
}

Response& Response::setBody(std::string body, std::string_view content_type) {
  return setBody(std::make_shared<const std::string>(std::move(body)), content_type);
}

Response& Response::setBody(std::shared_ptr<const std::string> body, std::string_view content_type) {
  setHeader("Content-Type", content_type);
  body_ = std::move(body);
  return *this;
}

Response& Response::setBody(BodySource source, std::string_view content_type) {
  setHeader("Content-Type", content_type);
  source_ = std::make_unique<BodySource>(std::move(source));
  return *this;
}

Response Response::later(std::function<void(std::shared_ptr<PendingAnswer>)> begin) {
  Response response;
  response.begin_ = std::move(begin);
  return response;
}

std::string_view Response::body() const {
  return body_ ? std::string_view(*body_) : std::string_view{};
}

Response& Response::setKind(AnswerKind kind) {
  kind_ = kind;
  return *this;
}

Response& Response::closeConnection() {
  closes_ = true;
  return *this;
}

Response& Response::setStream(Stream stream) {
  setHeader("Content-Type", "text/event-stream");
  stream_ = std::make_unique<Stream>(std::move(stream));
  return *this;
}

std::string_view reasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return "Status";
  }
}

}  // namespace testarena::http
