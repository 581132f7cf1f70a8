// SPDX-License-Identifier: Apache-2.0
#include "request.h"

#include <algorithm>

#include <testarena/error.h>

#include "percent.h"

namespace testarena::http {
namespace {

std::string_view withoutBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Calls `each` for the parts of `text` between `separator`s.
template <typename Each>
void split(std::string_view text, char separator, Each each) {
  for (;;) {
    std::size_t end = text.find(separator);
    each(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string decoded(std::string_view text, Plus plus, const char* what) {
  if (std::optional<std::string> result = percentDecoded(text, plus)) return std::move(*result);
  throw Invalid(std::string("the ") + what + " is not percent-encoded UTF-8 text without control characters");
}

}  // namespace

struct Request::Parts {
  std::string head_bytes;
  Head head;
  std::string body;
  Origin origin;
  std::string_view path;
  std::string_view query;
  std::vector<std::string> segments;
  Parameters parameters;
};

Request::Request(std::string head_bytes, Head head, std::string body, Origin origin)
    : parts_(std::make_unique<Parts>()) {
  Parts& parts = *parts_;
  parts.head_bytes = std::move(head_bytes);
  parts.head = std::move(head);
  parts.body = std::move(body);
  parts.origin = std::move(origin);

  std::string_view target = parts.head.target.in(parts.head_bytes);
  std::size_t question = target.find('?');
  parts.path = target.substr(0, question);
  if (question != std::string_view::npos) parts.query = target.substr(question + 1);

  if (parts.path == "*") {
    parts.segments.emplace_back("*");
  } else {
    split(parts.path.substr(1), '/', [&](std::string_view raw) {
      std::string segment = decoded(raw, Plus::is_plus, "path");
      if (segment == "." || segment == "..") throw Invalid("the path holds a '.' or '..' segment");
      parts.segments.push_back(std::move(segment));
    });
  }
  if (parts.query.empty()) return;
  split(parts.query, '&', [&](std::string_view pair) {
    if (pair.empty()) return;
    std::size_t equals = pair.find('=');
    std::string_view value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    parts.parameters.emplace_back(decoded(pair.substr(0, equals), Plus::is_space, "query"),
                                  decoded(value, Plus::is_space, "query"));
  });
}

Request::~Request() = default;
Request::Request(Request&&) noexcept = default;
Request& Request::operator=(Request&&) noexcept = default;

std::string_view Request::method() const {
  return parts_->head.method.in(parts_->head_bytes);
}
std::string_view Request::target() const {
  return parts_->head.target.in(parts_->head_bytes);
}
std::string_view Request::rawPath() const {
  return parts_->path;
}
std::string_view Request::rawQuery() const {
  return parts_->query;
}
std::string_view Request::host() const {
  return parts_->head.host.in(parts_->head_bytes);
}
const std::vector<std::string>& Request::segments() const {
  return parts_->segments;
}
const Request::Parameters& Request::query() const {
  return parts_->parameters;
}
const std::string& Request::body() const {
  return parts_->body;
}
const Origin& Request::origin() const {
  return parts_->origin;
}

std::optional<std::string_view> Request::query(std::string_view name) const {
  for (const auto& [key, value] : parts_->parameters)
    if (key == name) return value;
  return std::nullopt;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Head::Field& field : parts_->head.fields)
    if (sameName(field.name.in(parts_->head_bytes), name)) return field.value.in(parts_->head_bytes);
  return std::nullopt;
}

std::vector<std::string_view> Request::headers(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Head::Field& field : parts_->head.fields)
    if (sameName(field.name.in(parts_->head_bytes), name)) values.push_back(field.value.in(parts_->head_bytes));
  return values;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  std::optional<std::string_view> found;
  int times = 0;
  if (std::optional<std::string_view> cookies = header("cookie")) {
    split(*cookies, ';', [&](std::string_view pair) {
      pair = withoutBlanks(pair);
      std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) return;
      found = pair.substr(equals + 1);
      ++times;
    });
  }
  return times == 1 ? found : std::nullopt;
}

std::string Request::contentType() const {
  std::string_view value = header("content-type").value_or("");
  std::string type(withoutBlanks(value.substr(0, value.find(';'))));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return type;
}

bool Request::fromLoopback() const {
  const std::string& client = origin().client;
  return client == "::1" || client.rfind("127.", 0) == 0;
}

Request requestFromText(std::string_view text, Origin origin) {
  HeadLimits limits;
  HeadScanner scanner;
  HeadRefusal refusal = scanner.scan(text, limits);
  if (!refusal && !scanner.complete()) refusal = {400, "the head has no end"};
  Head head;
  std::string bytes(text.substr(scanner.begin(), scanner.end() - scanner.begin()));
  if (!refusal) refusal = headCheck(bytes, limits, head);
  if (refusal) throw Invalid(refusal.detail);
  return {std::move(bytes), std::move(head), std::string(text.substr(scanner.end())), std::move(origin)};
}

}  // namespace testarena::http
